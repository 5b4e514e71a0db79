"""Speed, measured: this bot beside two others, as ratios in one run on one machine."""
