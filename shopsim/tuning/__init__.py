"""Auto, scores on held-out models, tuned settings, and the leaderboard."""
