using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Rolls;

/// <summary>The way to devices, which hubs have.</summary>
public interface IRollOffers
{
    /// <summary>Tells a device to roll within a window. Doing it twice is the same as once.</summary>
    /// <returns>Why it could not be told; null when it was.</returns>
    Task<string?> OfferAsync(string device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter, CancellationToken cancellationToken);

    /// <summary>Tells a device that moved to go back to the certificate it had before. Doing it twice is the same as once.</summary>
    /// <returns>Why it could not be told; null when it was.</returns>
    Task<string?> OfferBackAsync(string device, RollOffer offer, DateTimeOffset notBefore, DateTimeOffset notAfter, CancellationToken cancellationToken);

    /// <summary>Takes the window back.</summary>
    Task WithdrawAsync(string device, CancellationToken cancellationToken);

    bool IsConnected(string device);
}
