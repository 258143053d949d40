using System.Security.Cryptography;
using System.Text.Json;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tpm;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>Records to store.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset At = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();

    public static RegistrationId Id(string text) => RegistrationId.TryParse(text, out var id) ? id : throw new ArgumentException(text);

    public static EnrollmentKey Group(string text) => EnrollmentKey.TryGroup(text, out var key) ? key : throw new ArgumentException(text);

    public static CertificateChain Chain(TestCertificate leaf, params TestAuthority[] issuers) =>
        CertificateChain.TryCreate(leaf.Der, [.. issuers.Select(issuer => issuer.Own.Der)], out var chain, out var refusal)
            ? chain
            : throw new InvalidOperationException(refusal.Detail);

    public static Enrollment Individual(string id, string etag, Certificate? primary, Certificate? secondary = null) => new()
    {
        Key = EnrollmentKey.Individual(Id(id)),
        Mechanism = new AttestationMechanism.Leaves(new CertificateSlots(primary, secondary)),
        ETag = etag,
        Created = At,
        LastUpdated = At,
    };

    public static Enrollment GroupOf(string id, string etag, Certificate? primary, Certificate? secondary = null) => new()
    {
        Key = Group(id),
        Mechanism = new AttestationMechanism.Signers(new CertificateSlots(primary, secondary)),
        ETag = etag,
        Created = At,
        LastUpdated = At,
    };

    public static Enrollment WithKeys(EnrollmentKey key, string etag) => new()
    {
        Key = key,
        Mechanism = new AttestationMechanism.SymmetricKeys(new KeySlots(SymmetricKey.Mint(), SymmetricKey.Mint())),
        ETag = etag,
        Created = At,
        LastUpdated = At,
    };

    public static Enrollment WithTpm(string id, string etag, bool hasStorageRootKey) => new()
    {
        Key = EnrollmentKey.Individual(Id(id)),
        Mechanism = new AttestationMechanism.Tpm(TpmKey(), hasStorageRootKey ? TpmKey() : null),
        ETag = etag,
        Created = At,
        LastUpdated = At,
    };

    /// <summary>A public key as a TPM writes it, of a key that no TPM holds.</summary>
    public static TpmPublic TpmKey()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        byte[] area = [0, 0x23, 0, 0x0B, 0, 3, 0, 0x72, 0, 0, 0, 6, 0, 0x80, 0, 0x43, 0, 0x10, 0, 3, 0, 0x10, 0, 32, .. q.X!, 0, 32, .. q.Y!];
        return TpmPublic.TryRead([0, (byte)area.Length, .. area], out var read) ? read : throw new InvalidOperationException("It is no key.");
    }

    public static KeySlots KeysOf(Enrollment enrollment) => ((AttestationMechanism.SymmetricKeys)enrollment.Mechanism).Slots;

    public static Registration Registration(string id, string etag, EnrollmentKey enrollment, Certificate leaf) => new()
    {
        Id = Id(id),
        Status = RegistrationStatus.Assigned,
        Substatus = RegistrationSubstatus.InitialAssignment,
        AssignedHub = "hub.example",
        DeviceId = id,
        Enrollment = enrollment,
        EnrollmentETag = "1",
        Credential = new RegisteredCredential(CredentialKind.Certificate, leaf.Thumbprint),
        OperationId = $"5.0000000000000000.{etag}",
        ETag = etag,
        Created = At,
        LastUpdated = At,
    };
}
