"""The bots that are measured beside ours, each as a newcomer would write it."""
