using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>Prepares an issuing authority whose certificate a root elsewhere signs: makes the key, and the request to be signed.</summary>
/// <param name="issuers">The issuer slots.</param>
/// <param name="places">Where keys are kept.</param>
/// <param name="time">The clock.</param>
public sealed class RequestAuthority(IIssuerStore issuers, KeyPlaces places, TimeProvider time)
{
    /// <summary>Prepares it.</summary>
    /// <param name="wishes">What is wanted.</param>
    /// <param name="commonName">Its name in the request; null for the issuer's and the slot's.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The prepared slot, and its request.</returns>
    /// <exception cref="KeyUnavailableException">The key cannot be made.</exception>
    /// <exception cref="IssuerChangedException">Somebody else changed the issuer meanwhile.</exception>
    public async Task<(IssuerSlot Slot, CertificateSigningRequest Request)> RunAsync(
        AuthorityWishes wishes, string? commonName, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wishes);
        var (slot, key) = await PreparedSlot.MakeAsync(wishes, wishes.IssuerName, places, time, cancellationToken);
        using var held = key;
        var subject = CreateAuthority.SubjectOf(commonName ?? $"{wishes.IssuerName} {slot.Id}");
        var request = await SigningRequestDraft.MakeAsync(subject, key, cancellationToken);
        return await issuers.TrySaveAsync([slot], actor, "requested", cancellationToken)
            ? (slot, request)
            : throw new IssuerChangedException(wishes.IssuerName);
    }
}
