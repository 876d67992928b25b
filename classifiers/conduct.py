"""Courses of conduct: what one person did to another over days, which no single post shows.

Stalking and harassment are courses of conduct: one post may be a complaint, the sixth in three weeks to the same member
of staff is not. Somebody who chases their own claim with an official account, or politely, is a customer. Contacts from
other accounts count where a distinctive handle or the author's own statement links them, and the finding says so.

Words that no cue knows are many, and one mild post says nothing. So where cues do not tell, and all of it is one-sided,
the model reads the posts in a row as one text: of nobody but who wrote to one person on so many days, which few do.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.wording import called, clipped
from classifiers.behaviour.course import Course
from classifiers.behaviour.cues import GRADES, grade, is_unwanted, jeer_span
from classifiers.behaviour.linking import states_new_account, stem
from classifiers.behaviour.past import Post, post_of
from classifiers.behaviour.timeline import Behaviour, Step, ordered
from classifiers.finding import Target

WINDOW = timedelta(days=45)
UNWANTED = 2  # posts that show fixation, insult or whereabouts
READ = 2  # and that the model reads the posts in a row as pursuit


def course_of_conduct(evidence: Evidence) -> Hit | None:
    """A hit where this mention continues a course of hostile or fixated posts towards one person."""
    target = person_of(evidence)
    if target is None or target.handle is None:
        return None
    course = course_towards(evidence, target.handle)
    if not course.lasts or course.is_chasing or course.among_friends:
        return None
    needed = UNWANTED + evidence.by_staff  # colleagues do look for each other
    if course.pursues and course.told >= needed:
        return _hit(evidence, target, course)
    if course.told + READ >= needed and course.one_sided and evidence.in_a_row(course.texts).is_pursuit:
        return _hit(evidence, target, course, read=True)
    return None


def is_with_a_friend(evidence: Evidence, person: str) -> bool:
    """Whether the author has written to this person on other days, and the two get on."""
    course = course_towards(evidence, person)
    return len(course.days) > 1 and course.among_friends


def repetition(evidence: Evidence, target: Target) -> tuple[int, int]:
    """On how many distinct days within the window the author posted towards the target, and in how many posts.

    This mention included; an organisation, and somebody unnamed, is written to once.
    """
    if target.handle is None or target.kind == "organisation":
        return 1, 1
    course = course_towards(evidence, target.handle)
    return len(course.days), len(course.posts)


def course_towards(evidence: Evidence, person: str) -> Course:
    """The author's posts towards a person within the window, from every account that is known to be theirs."""
    mention, past = evidence.mention, evidence.past
    since = mention.created_at - WINDOW
    contacts = past.contacts(mention, person, since)
    this = post_of(mention, None)
    known = {post.mention_id for post in contacts}
    moved = _from_old_account(evidence, person, [*contacts, this], since)
    before = [*contacts, *(post for post in moved if post.mention_id not in known)]
    # What is judged is read without disguises; earlier posts stand as written, but for apostrophes.
    return Course(person, (*sorted(before, key=lambda post: post.posted_at), replace(this, text=evidence.text)))


def person_of(evidence: Evidence) -> Target | None:
    """The one person whom the post is towards; an official account is no person."""
    cast = evidence.cast
    candidates = [cast.answered, cast.addressed, *cast.people]
    known = [person for person in candidates if person is not None and person.known and not person.public]
    people = [person.target for person in known if person.target.kind in ("employee", "other")]
    return next((target for target in people if target.kind == "employee"), people[0] if people else None)


def _from_old_account(evidence: Evidence, person: str, own: Sequence[Post], since: datetime) -> list[Post]:
    """The posts of whoever the author says they were before: whom they name, or the only one it can be.

    Accounts of one distinctive handle are one's, here as elsewhere.
    """
    statement = next((post for post in own if states_new_account(post.text)), None)
    if statement is None:
        return []
    accounts = {post.account for post in own if post.account}
    stems = {(post.handle or "").casefold() for post in own}
    candidates: dict[str, list[Post]] = {}
    for post in evidence.past.towards(evidence.mention, person, since):
        strange = post.account not in accounts and (post.handle or "").casefold() not in stems
        if post.account and strange and post.posted_at < statement.posted_at:
            candidates.setdefault(stem(post.handle) or post.account, []).append(post)
    hostile = {one: posts for one, posts in candidates.items() if any(is_unwanted(post.text) for post in posts)}
    named = {
        one: posts
        for one, posts in candidates.items()
        if any(_is_named(handle, statement.text) for handle in {post.handle for post in posts})
    }
    chosen = named or hostile
    if len(chosen) != 1:
        return []
    link = "the author's own words about an account before"
    return [replace(post, link=link) for post in next(iter(chosen.values()))]


def _is_named(handle: str | None, text: str) -> bool:
    return len(handle or "") > 3 and bool(re.search(rf"(?<!\w){re.escape(handle or '')}(?!\w)", text, re.IGNORECASE))


def _hit(evidence: Evidence, target: Target, course: Course, read: bool = False) -> Hit:
    days, asked = len(course.days), course.stopped_at is not None
    span = jeer_span(evidence.text)
    words = clipped(evidence.text, [span])  # none of a post that is a picture alone
    confidence = min(0.97, 0.55 + 0.06 * days + 0.05 * course.unwanted + 0.15 * asked + 0.1 * read)
    linked = f", from accounts linked by {' and '.join(course.links)}" if course.links else ""
    because = (
        f"Post {len(course.posts)} towards {called(target)} on {days} distinct days{linked}"
        f"{', after being asked to stop' if asked else ''}"
        f"{', now about whereabouts or routine' if course.rises else ''}"
        f"{', which the model reads in a row as pursuit' if read else ''}"
        f"{f', this one with “{words}”' if words else ''}: a course of conduct"
    )
    harm = (1 if days >= 5 or asked else 0) + course.rises
    shown = Behaviour("course_of_conduct", because, ordered(_steps(course)))
    spans = (span,) if words else ()
    return Hit("cyberstalking", confidence, target, spans, because, harm=harm, days=days, behaviours=(shown,))


def _steps(course: Course) -> list[Step]:
    stopped, steps = course.stopped_at, []
    for post in course.posts:
        counted = GRADES[grade(post.text)]
        if stopped is not None and post.posted_at >= stopped:
            counted += "; after a request to stop"
        if states_new_account(post.text):
            counted += "; says that it is a new account"
        if post.link:
            counted += f"; linked by {post.link}"
        steps.append(Step(post.posted_at, post.mention_id, post.platform, post.handle, counted))
    return steps
