"""What a mention says, and which clause of the policy it breaks: `Assessment` and `Finding`."""
