namespace Perennial.Provisioning.Allocation;

/// <summary>The way to an operator's own allocation: an HTTPS endpoint that the enrollment names.</summary>
public interface ICustomAllocation
{
    /// <summary>Asks, again where that may help, within bounds of time and size. Throws only when cancelled.</summary>
    Task<CustomAllocationAnswer> AskAsync(CustomAllocationQuestion question, CancellationToken cancellationToken);
}
