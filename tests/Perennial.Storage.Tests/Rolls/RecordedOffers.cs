using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;

namespace Perennial.Storage.Tests.Rolls;

/// <summary>Offers as devices get them. The process may die before one of them.</summary>
internal sealed class RecordedOffers(TimeProvider time) : IRollOffers
{
    public List<(string Device, DateTimeOffset At)> Sent { get; } = [];

    /// <summary>The windows that devices were told, the last one of each.</summary>
    public Dictionary<string, (DateTimeOffset Begins, DateTimeOffset Ends)> Windows { get; } = [];

    /// <summary>Devices that were told to go back.</summary>
    public List<string> SentBack { get; } = [];

    /// <summary>Whether a device was last told to go back, or on.</summary>
    public Dictionary<string, bool> Told { get; } = [];

    /// <summary>The ways by which devices were told, in order.</summary>
    public List<RollOffer> Ways { get; } = [];

    public List<string> Withdrawn { get; } = [];

    public HashSet<string> Connected { get; } = [];

    /// <summary>How many more offers the process lives for; null for any.</summary>
    public int? DiesAfter { get; set; }

    public Task<string?> OfferAsync(string device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter, CancellationToken cancellationToken)
    {
        Live();
        Ways.Add(offer);
        Sent.Add((device, time.GetUtcNow()));
        Windows[device] = (notBefore, notAfter);
        Told[device] = false;
        return Task.FromResult<string?>(null);
    }

    public Task<string?> OfferBackAsync(string device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter, CancellationToken cancellationToken)
    {
        Live();
        Sent.Add((device, time.GetUtcNow()));
        SentBack.Add(device);
        Told[device] = true;
        return Task.FromResult<string?>(null);
    }

    private void Live()
    {
        if (DiesAfter-- == 0)
        {
            DiesAfter = null;
            throw new IOException("The process was killed.");
        }
    }

    public Task WithdrawAsync(string device, CancellationToken cancellationToken)
    {
        Withdrawn.Add(device);
        return Task.CompletedTask;
    }

    public bool IsConnected(string device) => Connected.Contains(device);
}
