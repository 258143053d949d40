using System.Numerics;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Revocation;

/// <summary>Issues the revocation list of a slot: when something was revoked since the last, and once a day.</summary>
/// <param name="issuers">The issuer slots.</param>
/// <param name="revocations">What is revoked.</param>
/// <param name="keys">The keys of the slots.</param>
/// <param name="time">The clock.</param>
public sealed class IssueRevocationList(IIssuerStore issuers, IRevocationStore revocations, OpenIssuers keys, TimeProvider time)
{
    /// <summary>How old a list grows before the next is issued.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>How long a list is good: a week without a signature does not stop those who ask for one.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    private static readonly TimeSpan Backdating = TimeSpan.FromMinutes(5);

    /// <summary>The list that is due, or the one before while the key cannot be used and that list is still good.</summary>
    /// <param name="slotId">The slot.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>
    /// The list; null when there is no such slot, or it has no certificate. Of a slot whose certificate is over, the last list there was.
    /// </returns>
    /// <exception cref="KeyUnavailableException">The key cannot be used, and there is no good list.</exception>
    public async Task<StoredRevocationList?> RunAsync(string slotId, CancellationToken cancellationToken)
    {
        if (await issuers.FindAsync(slotId, cancellationToken) is not { Certificate: not null } slot)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var changes = await revocations.CountAsync(slotId, cancellationToken);
        var stored = await revocations.FindListAsync(slotId, cancellationToken);
        var isCurrent = stored is not null && stored.Changes == changes && now - stored.Issued < Interval;
        if (isCurrent || slot.Certificate.NotAfter < now)
        {
            return stored;
        }

        try
        {
            return await IssueAsync(slot, stored, changes, now, cancellationToken);
        }
        catch (KeyUnavailableException) when (stored is not null && stored.NextUpdate > now)
        {
            keys.Forget(slotId);
            return stored;
        }
    }

    // What is counted before it is listed is on the list; a revocation in between makes the next list come at once.
    private async Task<StoredRevocationList> IssueAsync(
        IssuerSlot slot, StoredRevocationList? stored, long changes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var issuer = await keys.OpenAsync(slot, cancellationToken);
        var builder = new CertificateRevocationListBuilder();
        foreach (var revoked in await revocations.ListAsync(slot.Id, now, cancellationToken))
        {
            builder.AddEntry(Convert.FromHexString(revoked.SerialNumber), revoked.At, ReasonOf(revoked.Reason));
        }

        var number = (stored?.Number ?? 0) + 1;
        var planned = Plan(builder, issuer, number, now);
        var signature = await issuer.SignBytesAsync(planned, cancellationToken);
        var der = SignedCertificate.Join(planned, issuer.Algorithm, signature);
        var list = new StoredRevocationList(number, der, now, now + Life, changes);
        return await revocations.TrySaveListAsync(slot.Id, list, cancellationToken)
            ? list
            : await revocations.FindListAsync(slot.Id, cancellationToken) ?? list;
    }

    private static byte[] Plan(CertificateRevocationListBuilder builder, Issuer issuer, long number, DateTimeOffset now)
    {
        var signer = new PlanningSigner(issuer.Algorithm, issuer.Certificate.PublicKeyInfo);
        var own = issuer.Certificate;
        using var certificate = X509CertificateLoader.LoadCertificate(own.Der.Span);
        builder.Build(
            certificate.SubjectName, signer, new BigInteger(number), now + Life, issuer.Algorithm.Hash, KeyIdentifierOf(own), now - Backdating);
        return signer.Planned;
    }

    private static X509AuthorityKeyIdentifierExtension KeyIdentifierOf(Certificate own) => own.SubjectKeyIdentifier is { } identifier
        ? X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier.Span)
        : X509AuthorityKeyIdentifierExtension.CreateFromIssuerNameAndSerialNumber(
            new X500DistinguishedName(own.Issuer.Der.Span), Convert.FromHexString(own.SerialNumber));

    private static X509RevocationReason? ReasonOf(RevocationReason reason) => reason == RevocationReason.Unspecified ? null : (X509RevocationReason)reason;
}
