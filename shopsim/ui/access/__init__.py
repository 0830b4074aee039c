"""Decides who may reach the server, and who may change what others see."""
