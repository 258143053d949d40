using Perennial.Server.Tests.Issuance;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Est;

/// <summary>A device that speaks EST by curl and openssl.</summary>
internal sealed class EstShell(IssuingInstance issuing) : IDisposable
{
    private readonly Shell _shell = new();

    public string Base => $"https://localhost:{issuing.Served.Ports.Https}/.well-known/est";

    public string Curl => $"curl -sS --cacert '{issuing.Endpoint.TrustBundle}'";

    public void Dispose() => _shell.Dispose();

    public Task<string> RunAsync(string script) => _shell.RunAsync(script);

    public void Write(string name, string text) => _shell.Write(name, text);

    /// <summary>Writes a leaf and what it presents above it, and its key, as <c>name.pem</c> and <c>name.key</c>.</summary>
    public void WriteIdentity(string name, TestCertificate leaf, params IEnumerable<TestAuthority> issuers)
    {
        _shell.Write($"{name}.pem", string.Concat([leaf.CertificatePem, .. issuers.Select(issuer => $"\n{issuer.Own.CertificatePem}")]));
        _shell.Write($"{name}.key", leaf.KeyPem);
    }

    /// <summary>Obtains a certificate as <c>name.pem</c> and <c>name.key</c>.</summary>
    public Task EnrollAsync(string name, string arguments, string commonName = "dev-01") => _shell.RunAsync(
        $"""
        {RequestScript(name, commonName)}
        {Curl} -f -H 'Content-Type: application/pkcs10' -H 'Content-Transfer-Encoding: base64' --data-binary @{name}.csr {arguments} -o {name}.p7
        base64 -d {name}.p7 | openssl pkcs7 -inform DER -print_certs -out {name}.pem
        """);

    /// <summary>Makes a key and a signing request, as <c>name.key</c> and <c>name.csr</c>.</summary>
    public static string RequestScript(string name, string commonName) =>
        $"""
        openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN={commonName} -keyout {name}.key -outform DER 2>/dev/null | base64 > {name}.csr

        """;

    /// <summary>The status of an answer, of which <c>head</c> and <c>body</c> are kept.</summary>
    public Task<string> StatusAsync(string arguments) => _shell.RunAsync($"{Curl} -D head -o body -w '%{{http_code}}' {arguments}");

    /// <summary>The certificate and key of this name.</summary>
    public async Task<TestCertificate> ReadAsync(string name)
    {
        var key = TestKey.P256();
        key.ImportFromPem(await _shell.RunAsync($"cat {name}.key"));
        return TestCertificate.Join(Convert.FromBase64String(await _shell.RunAsync($"openssl x509 -in {name}.pem -outform DER | base64 -w 0")), key);
    }
}
