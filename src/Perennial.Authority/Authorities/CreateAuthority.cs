using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>
/// Makes an issuing authority in place: a root of our own when the issuer has none yet, and a new issuing authority below it that becomes
/// the active one. The one before becomes old: what it issued stays good.
/// </summary>
/// <param name="issuers">The issuer slots.</param>
/// <param name="places">Where keys are kept.</param>
/// <param name="sign">Signs with a root.</param>
/// <param name="time">The clock.</param>
public sealed class CreateAuthority(IIssuerStore issuers, KeyPlaces places, SignAuthority sign, TimeProvider time)
{
    /// <summary>The issuer of the root that stands above an issuer.</summary>
    /// <param name="issuerName">The issuer.</param>
    public static string RootOf(string issuerName) => $"{issuerName}.root";

    /// <summary>Makes it.</summary>
    /// <param name="wishes">What is wanted.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The new slot: the active one, or prepared when the wishes say so.</returns>
    /// <exception cref="KeyUnavailableException">A key cannot be made or used.</exception>
    /// <exception cref="IssuerChangedException">Somebody else changed the issuer meanwhile.</exception>
    public async Task<IssuerSlot> RunAsync(AuthorityWishes wishes, string actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wishes);
        var root = await issuers.FindActiveAsync(RootOf(wishes.IssuerName), cancellationToken);
        if (root is null || wishes.NewRoot)
        {
            root = await MakeRootAsync(wishes, root, actor, cancellationToken);
        }

        var (slot, key) = await PreparedSlot.MakeAsync(wishes, wishes.IssuerName, places, time, cancellationToken);
        using var held = key;
        var template = new AuthorityTemplate
        {
            Subject = SubjectOf($"{wishes.IssuerName} {slot.Id}"),
            Name = $"{wishes.IssuerName} {slot.Id}",
            PublicKeyInfo = key.PublicKeyInfo,
            Validity = wishes.Validity,
            PathLength = 0,
        };
        var certificate = await sign.RunAsync(root, template, actor, cancellationToken);
        var whole = slot with { Certificate = certificate, Above = [root.Certificate!, .. root.Above] };
        if (wishes.Stage)
        {
            return await issuers.TrySaveAsync([whole], actor, "prepared with its certificate", cancellationToken)
                ? whole with { Version = whole.Version + 1 }
                : throw new IssuerChangedException(wishes.IssuerName);
        }

        var active = whole with { State = IssuerState.Active };
        return await IssuerChanges.ActivateAsync(issuers, active, actor, "made in place", time, cancellationToken);
    }

    internal static byte[] SubjectOf(string commonName)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        return subject.Build().RawData;
    }


    private async Task<IssuerSlot> MakeRootAsync(AuthorityWishes wishes, IssuerSlot? former, string actor, CancellationToken cancellationToken)
    {
        var (slot, key) = await PreparedSlot.MakeAsync(wishes, RootOf(wishes.IssuerName), places, time, cancellationToken);
        using var held = key;
        var template = new AuthorityTemplate
        {
            Subject = SubjectOf($"{wishes.IssuerName} root {slot.Id}"),
            Name = $"{wishes.IssuerName} root {slot.Id}",
            PublicKeyInfo = key.PublicKeyInfo,
            Validity = wishes.RootValidity,
        };
        var plan = AuthorityPlan.Make(template, issuer: null, key.Algorithm, time.GetUtcNow());
        var certificate = await SignedCertificate.MakeAsync(plan.ToBeSigned, key, slot.Key, verifier: null, cancellationToken);
        var root = slot with { State = IssuerState.Active, Certificate = certificate };
        if (former is null)
        {
            return await IssuerChanges.ActivateAsync(issuers, root, actor, "self-made root", time, cancellationToken);
        }

        var newWithOld = await sign.RunAsync(former, LinkOf(certificate, former.Certificate!, time), actor, cancellationToken);
        var oldWithNew = await sign.RunAsync(root, LinkOf(former.Certificate!, certificate, time), actor, cancellationToken);
        return await IssuerChanges.ActivateAsync(
            issuers, root with { Links = [newWithOld, oldWithNew] }, actor, "self-made root after another", time, cancellationToken);
    }

    /// <summary>A root as the root before or after it signs it: as long as both are valid.</summary>
    internal static AuthorityTemplate LinkOf(Certificate root, Certificate signer, TimeProvider time)
    {
        var end = root.NotAfter < signer.NotAfter ? root.NotAfter : signer.NotAfter;
        return new()
        {
            Subject = root.Subject.Der,
            Name = root.Subject.Text,
            PublicKeyInfo = root.PublicKeyInfo,
            Validity = end - time.GetUtcNow(),
            PathLength = root.PathLength,
        };
    }
}
