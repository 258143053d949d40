namespace Perennial.Server.Sandbox.Story;

internal enum ActState
{
    Waiting,
    Running,
    Ended,
}
