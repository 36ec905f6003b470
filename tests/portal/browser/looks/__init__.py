"""Every page of the portal in every state: each look is a function that leads the browser there."""
