"""What people look at: the daily report and its charts."""
