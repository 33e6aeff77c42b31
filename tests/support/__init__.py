"""What tests stand on: real servers on free ports, started when a test first asks for one."""
