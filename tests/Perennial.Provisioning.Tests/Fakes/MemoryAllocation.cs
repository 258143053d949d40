using System.Collections.Concurrent;
using Perennial.Provisioning.Allocation;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>A custom allocation that answers what the test says, and remembers what it was asked.</summary>
internal sealed class MemoryAllocation : ICustomAllocation
{
    public ConcurrentQueue<CustomAllocationQuestion> Questions { get; } = [];

    public TaskCompletionSource<CustomAllocationAnswer> Answer { get; set; } = new();

    public Task<CustomAllocationAnswer> AskAsync(CustomAllocationQuestion question, CancellationToken cancellationToken)
    {
        Questions.Enqueue(question);
        return Answer.Task.WaitAsync(cancellationToken);
    }
}
