using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Connections;

/// <summary>The certificate that this server shows, prebuilt for handshakes, and rolled or reloaded while it runs.</summary>
internal sealed class ServerCertificate
{
    private readonly Instance _instance;
    private readonly SelfMadeIssuer _issuer;
    private SslStreamCertificateContext _current;
    private Thumbprint _shown;

    private ServerCertificate(Instance instance, SelfMadeIssuer issuer, X509Certificate2Collection chain, X509Certificate2 anchor)
    {
        _instance = instance;
        _issuer = issuer;
        _current = ContextOf(chain);
        _shown = Thumbprint.Of(chain[0].RawData);
        AnchorThumbprint = Thumbprint.Of(anchor.RawData);
    }

    /// <summary>What the next handshake shows.</summary>
    public SslStreamCertificateContext Current => Volatile.Read(ref _current);

    /// <summary>SHA-256 of the root that clients trust; what an operator compares.</summary>
    public Thumbprint AnchorThumbprint { get; }

    /// <summary>Host names of the instance that the shown certificate does not cover; clients that check names refuse those.</summary>
    public IReadOnlyList<string> UncoveredNames =>
        [.. _instance.HostNames.Where(name => !Current.TargetCertificate.MatchesHostname(name, allowCommonName: false))];

    /// <summary>Takes the operator's certificate, or makes one, and writes the trust bundle.</summary>
    public static ServerCertificate Open(Instance instance, TimeProvider time)
    {
        var issuer = new SelfMadeIssuer(instance.KeysFolder, time);
        var chain = Chain(instance, issuer);
        var anchor = chain[^1];
        var bundle = chain.Count == 1 ? chain.ExportCertificatePems() : string.Join('\n', chain.Skip(1).Select(c => c.ExportCertificatePem()));
        AtomicFile.Write(instance.TrustBundle, Encoding.ASCII.GetBytes(bundle.TrimEnd() + "\n"));
        return new ServerCertificate(instance, issuer, chain, anchor);
    }

    /// <summary>Rolls a self-made certificate that nears its end, or takes up the operator's changed file; running connections stay.</summary>
    /// <returns>True when the next handshake shows another certificate than the last one.</returns>
    public bool Roll()
    {
        var chain = Chain(_instance, _issuer);
        var thumbprint = Thumbprint.Of(chain[0].RawData);
        if (thumbprint == _shown)
        {
            return false;
        }

        Volatile.Write(ref _current, ContextOf(chain));
        _shown = thumbprint;
        return true;
    }

    private static X509Certificate2Collection Chain(Instance instance, SelfMadeIssuer issuer)
    {
        if (instance.Document.TlsCertificate is { } file)
        {
            return OwnChain(file, instance.Document.TlsKey);
        }

        using var root = issuer.Root();
        return [issuer.Server(root, Names(instance)), X509CertificateLoader.LoadCertificate(root.Certificate.Der.Span)];
    }

    private static X509Certificate2Collection OwnChain(string file, string? keyFile)
    {
        try
        {
            var leaf = X509Certificate2.CreateFromPemFile(file, keyFile);
            var others = new X509Certificate2Collection();
            others.ImportFromPemFile(file);
            return [leaf, .. others.Skip(1)];
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(
                $"the server certificate {file} and its key {keyFile ?? "(in the same file)"} cannot be used: {exception.Message} "
                + "Give PEM files with --tls-cert (leaf first) and --tls-key.",
                exception);
        }
    }

    private static IReadOnlyList<string> Names(Instance instance)
    {
        var bind = instance.Document.Bind is { } text && IPAddress.Parse(text) is { } address && !IsAny(address) ? address.ToString() : null;
        IEnumerable<string?> names = [.. instance.HostNames, "localhost", "127.0.0.1", "::1", bind];
        return [.. names.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static SslStreamCertificateContext ContextOf(X509Certificate2Collection chain) =>
        SslStreamCertificateContext.Create(chain[0], [.. chain.Skip(1)], offline: true);
}
