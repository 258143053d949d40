using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CsCheck;
using Org.BouncyCastle.X509;
using Perennial.Authority.Authorities;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Tests;

/// <summary>Whatever the profile, the issuer's validity, the key and the moment: a certificate is sound, or it is refused.</summary>
public sealed class IssuanceProperties
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<CertificateProfile> Profiles = Gen.Select(
        Gen.Double[1, 24 * 3653], Gen.Int[0, 1440], Gen.Int[1, 15], Gen.Bool,
        (hours, minutes, kinds, isServerToo) => new CertificateProfile
        {
            Name = "property",
            IssuerName = "factory",
            Validity = TimeSpan.FromHours(hours),
            Backdating = TimeSpan.FromMinutes(minutes),
            AllowedKeys = (KeyKinds)kinds,
            Purposes = isServerToo ? [ChainPolicyOptions.ClientAuthentication, ChainPolicyOptions.ServerAuthentication] : [ChainPolicyOptions.ClientAuthentication],
        });

    private static readonly Gen<(KeyAlgorithm Key, double LifeOfIssuer, double Moment, string Name)> Cases = Gen.Select(
        Gen.Int[0, 3].Select(index => (KeyAlgorithm)index),
        Gen.Double[0.1, 8000],
        Gen.Double[-0.2, 1.2],
        Gen.Char[' ', '~'].Array[1, 64].Select(characters => new string(characters)));

    private static readonly Dictionary<KeyAlgorithm, AsymmetricAlgorithm> DeviceKeys = new()
    {
        [KeyAlgorithm.P256] = ECDsa.Create(ECCurve.NamedCurves.nistP256),
        [KeyAlgorithm.P384] = ECDsa.Create(ECCurve.NamedCurves.nistP384),
        [KeyAlgorithm.Rsa2048] = RSA.Create(2048),
        [KeyAlgorithm.Rsa3072] = RSA.Create(3072),
    };

    private static readonly Dictionary<KeyAlgorithm, LocalKey> IssuerKeys = new[] { KeyAlgorithm.P256, KeyAlgorithm.P384, KeyAlgorithm.Rsa2048 }
        .ToDictionary(algorithm => algorithm, algorithm => new LocalKey(PrivateKey.Create(algorithm)));

    [Fact]
    public void Every_issued_certificate_is_sound()
    {
        var serials = new HashSet<string>(StringComparer.Ordinal);
        Gen.Select(Profiles, Cases, Gen.Int[0, 2].Select(index => (KeyAlgorithm)index)).Sample(
            (profile, each, issuerKey) =>
            {
                Assert.Empty(profile.Faults());
                var issuer = IssuerOf(IssuerKeys[issuerKey], TimeSpan.FromDays(each.LifeOfIssuer));
                var now = Epoch + (TimeSpan.FromDays(each.LifeOfIssuer) * each.Moment);
                var request = RequestFor(each.Name, DeviceKeys[each.Key]);
                var isPossible = now >= issuer.Certificate.NotBefore && now < issuer.Certificate.NotAfter && profile.Allows(request.KeyKind, request.KeySize);
                var isIssued = issuer.TryPrepare(profile, request, request.CommonName, now, out var token, out var refusal);
                Assert.True(isPossible == isIssued, refusal?.Detail);
                if (token is not null)
                {
                    Assert.True(serials.Add(token.SerialNumber));
                    AssertSound(issuer.RedeemAsync(token, CancellationToken.None).GetAwaiter().GetResult(), issuer, profile, request, now);
                }
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public async Task A_token_is_redeemed_once_and_only_by_its_maker()
    {
        using var key = new LocalKey(PrivateKey.Create(KeyAlgorithm.P256));
        var (issuer, other) = (IssuerOf(key, TimeSpan.FromDays(10)), IssuerOf(key, TimeSpan.FromDays(10)));
        var request = RequestFor("lamp-1", DeviceKeys[KeyAlgorithm.P256]);
        Assert.True(issuer.TryPrepare(new() { Name = "lamps", IssuerName = "factory" }, request, request.CommonName, Epoch, out var token, out _));
        await Assert.ThrowsAsync<InvalidOperationException>(() => other.RedeemAsync(token, CancellationToken.None));
        await issuer.RedeemAsync(token, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => issuer.RedeemAsync(token, CancellationToken.None));
    }

    private static void AssertSound(
        Certificate certificate, Issuer issuer, CertificateProfile profile, CertificateSigningRequest request, DateTimeOffset now)
    {
        Assert.True(certificate.NotBefore >= issuer.Certificate.NotBefore && certificate.NotAfter <= issuer.Certificate.NotAfter);
        Assert.True(certificate.NotAfter - now <= profile.Validity && now - certificate.NotBefore <= profile.Backdating + TimeSpan.FromSeconds(1));
        Assert.Equal(request.KeyThumbprint, certificate.KeyThumbprint);
        Assert.True(certificate.TryGetCommonName(out var name, out _));
        Assert.Equal(request.CommonName.Value, name.Value);

        using var platform = X509CertificateLoader.LoadCertificate(certificate.Der.Span);
        var second = new X509CertificateParser().ReadCertificate(certificate.Der.ToArray());
        Assert.Equal(platform.SerialNumberBytes.ToArray(), second.SerialNumber.ToByteArray());
        Assert.Equal(certificate.SerialNumber, Convert.ToHexString(platform.SerialNumberBytes.Span));
        Assert.Equal(platform.SubjectName.RawData, second.SubjectDN.GetDerEncoded());
        Assert.Equal(platform.PublicKey.ExportSubjectPublicKeyInfo(), second.CertificateStructure.SubjectPublicKeyInfo.GetDerEncoded());
        Assert.Equal(certificate.NotAfter.UtcDateTime, second.NotAfter.ToUniversalTime());
        Assert.Equal(certificate.NotBefore.UtcDateTime, second.NotBefore.ToUniversalTime());
        Assert.Equal(profile.Purposes, second.GetExtendedKeyUsage().Select(oid => oid.Id));

        Assert.True(CertificateChain.TryCreate(certificate, [], out var chain, out _));
        Assert.Null(new ChainPolicy(new(), new()).FindPaths(chain, [issuer.Certificate], now).Refusal);
    }

    private static Issuer IssuerOf(LocalKey key, TimeSpan life)
    {
        var template = new AuthorityTemplate
        {
            Subject = new X500DistinguishedName("CN=Issuer").RawData,
            Name = "Issuer",
            PublicKeyInfo = key.PublicKeyInfo,
            Validity = life,
        };
        var plan = AuthorityPlan.Make(template, issuer: null, key.Algorithm, Epoch);
        var certificate = SignedCertificate.MakeAsync(plan.ToBeSigned, key, KeyAddress.OfFile("issuer.key"), null, CancellationToken.None).GetAwaiter().GetResult();
        return new Issuer(
            new()
            {
                Id = "slot",
                IssuerName = "factory",
                State = IssuerState.Active,
                Key = KeyAddress.OfFile("issuer.key"),
                KeyThumbprint = certificate.KeyThumbprint,
                Certificate = certificate,
                Created = Epoch,
                Since = Epoch,
            },
            key);
    }

    private static CertificateSigningRequest RequestFor(string name, AsymmetricAlgorithm key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var draft = key is ECDsa ecdsa
            ? new CertificateRequest(subject.Build(), ecdsa, HashAlgorithmName.SHA256)
            : new CertificateRequest(subject.Build(), (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return CertificateSigningRequest.TryParse(draft.CreateSigningRequest(), out var request, out var refusal)
            ? request
            : throw new InvalidOperationException(refusal.Detail);
    }
}
