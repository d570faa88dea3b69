"""Mail: messages, plans, replies, bounces and their words."""
