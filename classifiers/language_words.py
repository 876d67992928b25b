"""Words that give a language away in a post too short for letter statistics.

Each list holds what one language uses all the time and the others hardly ever. English has its dialects in it: Scots,
Multicultural London English and Jamaican English are read as English. Urdu stands as it is typed in Latin letters.
"""

from collections.abc import Mapping

MARKERS: Mapping[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "cy": """
            yn y yr mae mae'r ma ma'r ma'n wedi di dw dwi dwi'n dwi'm dwi'di ydy ydi ydw ydyn yw oedd oeddwn o'n o'dd
            roedd fydd bydd bod sy sy'n sydd am ar gyfer i'r o'r a'r gan gyda efo hefo heb hyd dim ddim nid nad ac neu
            ond achos os hefyd fy dy ein eich nhw nhw'n chi chi'n ni ni'n fi fi'n ti ti'n i i'n hi'n e'n wy wy'n sa so'n
            sgen sdim oes yna yma hwn hon hyn honno hynny rhain pam sut beth pryd ble lle pwy pa faint
            diolch bore da nos noswaith prynhawn heddiw ddoe fory neithiwr nawr rwan rŵan eto wastad dal byth wythnos
            mis awr munud blwyddyn fawr iawn hir mor rhy mwy dal aros disgwyl ges gest gath cael wnes nes naeth mynd
            dod gwneud neud ffonio ffoniais ffoniwch galw siarad trio talu taliad taliadau arian pres swydd swyddfa
            gwaith byd canolfan budd cymorth llythyr llinell ffôn gwefan ateb helpu angen gwybodaeth
            gwybod gwrando dallt deall becso poeni methu gallu gobeithio credu cymraeg cymru shwmae s'mae croeso
            llongyfarchiadau hwyl gwych hyfryd ardderchog ofnadwy gwarthus warthus cywilydd annheg hurt llanast
            siomedig siom wirion gwael grac crac neb pawb bawb rhywun unrhyw pobl bobl merch dyn neis iawn cachu
            chwarae teg digon llwyr hollol
        """,
        "pl": """
            nie się sie jest są jak na czy że ze dzięki dzieki dziękuję dziekuje proszę prosze bardzo ale już juz dla
            tak mam masz tylko co tego ten tym dobry dobra dzień dzien cześć może moze pomoc pomoże praca pracy
            urząd urzad zasiłek zasilek znowu nikt kiedy gdzie dlaczego ktoś ktos wie czekam czekać czekac jestem
            jesteście pani pan pieniądze pieniadze to masakra
        """,
        "ur": """
            yeh hai hain hoon nahi nahin nhi kya kyun kyu kaise kab kahan koi kuch kar karo karte karta karti karna
            karein mujhe mujh mere mera meri humein hamare hum tum aap log logon bohat bohot bahut shukriya madad yaar
            bhai paise paisay raha rahe rahi gaya gaye gayi walay wale wala wali bilkul acha accha theek jawab dete deta
            hota hoga tha thi bhi sirf phir abhi tak samajh sakta sakte chahiye aur liye se ko ka ki ke kab aata
        """,
        "ro": """
            nu și si că sunt este sunteți sunteti am mai de la ce cum când cand vă va mulțumesc multumesc frumos bani
            banii banilor astept aștept platiti plătiți nimeni cineva stie știe pentru doar foarte luni rușine rusine
            niște niste dar unde ajutor
        """,
        "es": """
            qué que por porque gracias está muy pero para usted ustedes mañana hola cómo no nadie siempre llevo meses
            esperando ayuda dinero vergüenza sin una los las el
        """,
        "fr": """
            merci pour rien pas vous est c'est j'ai j'attends je ne les des une honteux honte personne bonjour toujours
            depuis argent très avec
        """,
        "en": """
            the a an and is are was were i i'm you your my me we they he she it it's this that these of to in on for
            with at from not no don't can't won't has have had be been do did what why how when who please thanks
            thank so just get got all out up now if but hello hi hey lol omg wtf good morning night great help love
            yes ok okay still u thnx ur im lmao lmfao never ever more worst best job day today bad any anyone sorry
            new cheers mate same or as by there here again off down well very too only back their them our us about
            yeah nah ffs tbh tbf ngl regards sick poor lost money pay paid
            aye wee nae naw cannae dinnae didnae isnae wisnae couldnae wouldnae tae wis fae ae wi oan doon yer yous ma
            maw gie auld och whit hoo thae och aw hame jist wan wans lassie
            bruv fam innit mandem ting dem dis dat wagwan wallahi peak bare allow man man's mans ends
            mi di nuh deh weh pon inna unu cyaan haffi gwaan seh wah wha a fi yah tek mek
        """,
    }.items()
}

# Words of a list that another language has too: they weigh less.
_SHARED = """
    a am ac y no do in on so me he to i da na co ni an ma di fi mi ti dal so'n sa os hi nos nes hon lle pa byd mis
    ar or as aur tak bare ten tym ze to ale mam co si va de la ce dar cum mai doar que est une el sin log hum bhi
    ki ke ka ko se kab thi tha kar koi tum pas les des rien pour wan aw man dem dis dat wis ends
"""
SHARED = frozenset(_SHARED.split())
