namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>A write that waits for its registration.</summary>
internal sealed class MemoryWrite(Action run) : IPendingWrite
{
    public void Run() => run();
}
