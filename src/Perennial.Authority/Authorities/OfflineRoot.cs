using System.Security.Cryptography;
using Perennial.Authority.Issuance;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>
/// A root in a folder of the operator's, on a medium that is put away: <c>root.key</c>, encrypted, <c>root.pem</c>, and in
/// <c>issued/</c> every certificate that it signed, by serial number. What is about to be signed is there before it is.
/// </summary>
public sealed class OfflineRoot : IDisposable
{
    private const string Issued = "issued";

    private readonly string _folder;
    private readonly LocalKey _key;
    private readonly TimeProvider _time;

    private OfflineRoot(string folder, Certificate certificate, LocalKey key, TimeProvider time)
    {
        _folder = folder;
        Certificate = certificate;
        _key = key;
        _time = time;
    }

    /// <summary>The certificate of the root.</summary>
    public Certificate Certificate { get; }

    private static KeyAddress Address => KeyAddress.OfFile("root.key");

    /// <summary>Makes a root.</summary>
    /// <param name="folder">Where; no root is there yet.</param>
    /// <param name="commonName">Its name.</param>
    /// <param name="algorithm">The kind of its key.</param>
    /// <param name="validity">How long it is valid.</param>
    /// <param name="passphrase">What opens its key.</param>
    /// <param name="time">The clock.</param>
    /// <param name="rounds">Of the key derivation.</param>
    /// <exception cref="IOException">A root is there already, or the folder cannot be written.</exception>
    public static async Task<OfflineRoot> CreateAsync(
        string folder, CommonName commonName, KeyAlgorithm algorithm, TimeSpan validity, string passphrase, TimeProvider time, int rounds = PrivateKey.Rounds)
    {
        ArgumentNullException.ThrowIfNull(commonName);
        Directory.CreateDirectory(Path.Combine(folder, Issued));
        var key = PrivateKey.Create(algorithm);
        KeyFile.WriteNew(KeyIn(folder), key.ExportEncryptedPem(passphrase, rounds));
        var local = new LocalKey(key);
        var template = new AuthorityTemplate
        {
            Subject = CreateAuthority.SubjectOf(commonName.Value),
            Name = commonName.Value,
            PublicKeyInfo = local.PublicKeyInfo,
            Validity = validity,
        };
        var plan = AuthorityPlan.Make(template, issuer: null, local.Algorithm, time.GetUtcNow());
        var certificate = await SignedCertificate.MakeAsync(plan.ToBeSigned, local, Address, verifier: null, CancellationToken.None);
        KeyFile.WriteText(CertificateIn(folder), Pem.Write(certificate));
        return new(folder, certificate, local, time);
    }

    /// <summary>Opens a root.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="passphrase">What opens its key.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="CryptographicException">The passphrase is wrong.</exception>
    /// <exception cref="InvalidDataException">The certificate cannot be read, or it is another key's.</exception>
    /// <exception cref="IOException">There is no root.</exception>
    public static OfflineRoot Open(string folder, string passphrase, TimeProvider time)
    {
        if (!Pem.TryReadCertificates(File.ReadAllText(CertificateIn(folder)), out var certificates, out var refusal))
        {
            throw new InvalidDataException($"{CertificateIn(folder)}: {refusal.Detail}");
        }

        var key = new LocalKey(PrivateKey.FromEncryptedPem(File.ReadAllText(KeyIn(folder)), passphrase));
        if (certificates[0].PublicKeyInfo.Span.SequenceEqual(key.PublicKeyInfo.Span))
        {
            return new(folder, certificates[0], key, time);
        }

        key.Dispose();
        throw new InvalidDataException($"{KeyIn(folder)} is not the key of {CertificateIn(folder)}.");
    }

    /// <summary>Signs the certificate of an authority.</summary>
    /// <param name="template">What it shall say.</param>
    public async Task<Certificate> SignAsync(AuthorityTemplate template)
    {
        var plan = AuthorityPlan.Make(template, Certificate, _key.Algorithm, _time.GetUtcNow());
        Directory.CreateDirectory(Path.Combine(_folder, Issued));
        var name = Path.Combine(_folder, Issued, plan.SerialNumber);
        KeyFile.WriteText(name + ".planned", Convert.ToBase64String(plan.ToBeSigned) + "\n");
        var certificate = await SignedCertificate.MakeAsync(plan.ToBeSigned, _key, Address, Certificate, CancellationToken.None);
        KeyFile.WriteText(name + ".pem", Pem.Write(certificate));
        File.Delete(name + ".planned");
        return certificate;
    }

    /// <summary>Links this root and the one before it: this one signed by that one, and that one signed by this one.</summary>
    /// <param name="former">The root before.</param>
    public async Task<(Certificate NewWithOld, Certificate OldWithNew)> LinkAsync(OfflineRoot former)
    {
        ArgumentNullException.ThrowIfNull(former);
        var newWithOld = await former.SignAsync(CreateAuthority.LinkOf(Certificate, former.Certificate, _time));
        return (newWithOld, await SignAsync(CreateAuthority.LinkOf(former.Certificate, Certificate, _time)));
    }

    /// <inheritdoc />
    public void Dispose() => _key.Dispose();

    private static string KeyIn(string folder) => Path.Combine(folder, "root.key");

    private static string CertificateIn(string folder) => Path.Combine(folder, "root.pem");
}
