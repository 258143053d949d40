using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.CaCertificates;

/// <summary>
/// Uploads, replaces, challenges, verifies and deletes CA certificates. What it changes takes effect at once: at the next registration,
/// and on the live connections of devices in the groups that refer to the certificate.
/// </summary>
public sealed class ChangeCaCertificate(ICaCertificateStore store, IHubDirectory hubs, ChainPolicy policy, TimeProvider time)
{
    private const string Save = "save";
    private const string Challenge = "challenge";
    private const string Verify = "verify";

    /// <summary>Stores a certificate under a name. Another certificate under the same name is unverified, unless the caller vouches for it.</summary>
    /// <param name="name">The name, which is one.</param>
    /// <param name="certificate">The CA certificate.</param>
    /// <param name="isVerified">True vouches for the certificate without a proof; null leaves it as it is.</param>
    /// <param name="etag">The ETag that a stored one must have; null for any.</param>
    /// <param name="actor">Who asks, for the audit trail.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task<CaCertificateOutcome> SaveAsync(
        string name, Certificate certificate, bool? isVerified, string? etag, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!certificate.IsCertificateAuthority)
        {
            return new CaCertificateOutcome.Invalid(
                $"'{certificate.Subject.Text}' is not a CA certificate (basicConstraints CA:TRUE). Upload the root or intermediate that signs.");
        }

        var stored = await store.FindAsync(name, cancellationToken);
        if (stored is not null && etag is not null && !string.Equals(etag, stored.ETag, StringComparison.Ordinal))
        {
            return new CaCertificateOutcome.ETagMismatch();
        }

        var isSame = stored?.Certificate.Thumbprint == certificate.Thumbprint;
        var next = new CaCertificate
        {
            Name = stored?.Name ?? name,
            Certificate = certificate,
            IsVerified = isVerified ?? (isSame && stored!.IsVerified),
            ETag = NewETag(),
            Created = stored?.Created ?? time.GetUtcNow(),
            LastUpdated = time.GetUtcNow(),
        };
        return await WriteAsync(next, stored, Save, actor, cancellationToken);
    }

    /// <summary>Makes a new code; the one before is worth nothing from then on.</summary>
    public async Task<CaCertificateOutcome> ChallengeAsync(string name, string? etag, string code, string actor, CancellationToken cancellationToken)
    {
        var (stored, fault) = await FindAsync(name, etag, cancellationToken);
        return stored is null
            ? fault!
            : await WriteAsync(
                stored with { VerificationCode = code, ETag = NewETag(), LastUpdated = time.GetUtcNow() }, stored, Challenge, actor, cancellationToken);
    }

    /// <summary>Takes the proof: a certificate with the code as its common name, signed by the CA's own key.</summary>
    public async Task<CaCertificateOutcome> VerifyAsync(
        string name, CertificateChain proof, string? etag, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(proof);
        var (stored, fault) = await FindAsync(name, etag, cancellationToken);
        if (stored is null)
        {
            return fault!;
        }

        return ProofFault(stored, proof) is { } sentence
            ? new CaCertificateOutcome.Invalid(sentence)
            : await WriteAsync(
                stored with { IsVerified = true, VerificationCode = null, ETag = NewETag(), LastUpdated = time.GetUtcNow() },
                stored,
                Verify,
                actor,
                cancellationToken);
    }

    /// <summary>Deletes it, also while groups refer to it: they stop matching by it (dps-protocol §9.4).</summary>
    public async Task<DeleteOutcome> DeleteAsync(string name, string? etag, string actor, CancellationToken cancellationToken)
    {
        var outcome = await store.DeleteAsync(name, etag, actor, cancellationToken);
        if (outcome == DeleteOutcome.Deleted)
        {
            await TellHubsAsync(name);
        }

        return outcome;
    }

    private async Task<(CaCertificate? Stored, CaCertificateOutcome? Fault)> FindAsync(string name, string? etag, CancellationToken cancellationToken)
    {
        var stored = await store.FindAsync(name, cancellationToken);
        if (stored is null)
        {
            return (null, new CaCertificateOutcome.NotFound());
        }

        return etag is null || string.Equals(etag, stored.ETag, StringComparison.Ordinal)
            ? (stored, null)
            : (null, new CaCertificateOutcome.ETagMismatch());
    }

    private string? ProofFault(CaCertificate stored, CertificateChain proof)
    {
        if (stored.VerificationCode is not { } code)
        {
            return $"No verification code is open for '{stored.Name}'. Generate one, and sign a certificate with it as the common name.";
        }

        if (!proof.Leaf.TryGetCommonName(out var name, out var refusal))
        {
            return $"The verification certificate names nothing. {refusal.Detail}";
        }

        if (!string.Equals(name.Value, code, StringComparison.Ordinal))
        {
            return $"The verification certificate has the common name '{name}'; it must be the verification code. Each generated code ends the one before.";
        }

        var search = policy.FindPaths(proof, [stored.Certificate], time.GetUtcNow());
        return search.Refusal is { } fault
            ? $"The verification certificate is not signed by the key of '{stored.Name}', or is not sound. {fault.Reason.Title} {fault.Detail}"
            : null;
    }

    private async Task<CaCertificateOutcome> WriteAsync(
        CaCertificate next, CaCertificate? stored, string action, string actor, CancellationToken cancellationToken)
    {
        if (!await store.TrySaveAsync(next, stored?.ETag, action, actor, cancellationToken))
        {
            return new CaCertificateOutcome.ETagMismatch();
        }

        if (action != Challenge)
        {
            await TellHubsAsync(next.Name);
        }

        return new CaCertificateOutcome.Done(next);
    }

    // What is stored takes effect even when whoever asked for it is gone.
    private async Task TellHubsAsync(string name)
    {
        foreach (var group in await store.FindReferencesAsync(name, CancellationToken.None))
        {
            await hubs.TrustChangedAsync(group, CancellationToken.None);
        }
    }

    private static string NewETag() => Guid.NewGuid().ToString("D");
}
