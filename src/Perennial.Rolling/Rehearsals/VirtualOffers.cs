using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;

namespace Perennial.Rolling.Rehearsals;

/// <summary>The way to the devices of a rehearsal.</summary>
internal sealed class VirtualOffers(VirtualFleet fleet) : IRollOffers
{
    public Task<string?> OfferAsync(string device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter, CancellationToken cancellationToken) =>
        Task.FromResult(fleet.Find(device) is { } found ? fleet.Tell(found, offer, notBefore, notAfter) : "There is no such device.");

    public Task<string?> OfferBackAsync(string device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Going back is no part of a rehearsal.");

    public Task WithdrawAsync(string device, CancellationToken cancellationToken) => Task.CompletedTask;

    public bool IsConnected(string device) => fleet.Find(device) is { Seen.IsConnected: true };
}
