using Perennial.Rolling.Rolls;

namespace Perennial.Storage.Tests.Rolls;

/// <summary>Offers as devices get them. The process may die before one of them.</summary>
internal sealed class RecordedOffers(TimeProvider time) : IRollOffers
{
    public List<(string Device, DateTimeOffset At)> Sent { get; } = [];

    public List<string> Withdrawn { get; } = [];

    public HashSet<string> Connected { get; } = [];

    /// <summary>How many more offers the process lives for; null for any.</summary>
    public int? DiesAfter { get; set; }

    public Task<string?> OfferAsync(string device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter, CancellationToken cancellationToken)
    {
        if (DiesAfter-- == 0)
        {
            DiesAfter = null;
            throw new IOException("The process was killed.");
        }

        Sent.Add((device, time.GetUtcNow()));
        return Task.FromResult<string?>(null);
    }

    public Task WithdrawAsync(string device, CancellationToken cancellationToken)
    {
        Withdrawn.Add(device);
        return Task.CompletedTask;
    }

    public bool IsConnected(string device) => Connected.Contains(device);
}
