using Perennial.TestCertificates;

namespace Perennial.CommandLine.Tests;

/// <summary>Files of every kind that operators take for a certificate, explained.</summary>
public sealed class InspectTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Factory");

    public void Dispose()
    {
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_leaf_is_told_with_its_use_and_the_time_that_is_left()
    {
        using var leaf = _root.IssueLeaf("lamp-1");
        var told = await InspectAsync(leaf.CertificatePem);

        Assert.Contains("certificate of a device (leaf)", told, StringComparison.Ordinal);
        Assert.Contains(leaf.Certificate.Thumbprint.ToString(), told, StringComparison.Ordinal);
        Assert.Contains("the device 'lamp-1'", told, StringComparison.Ordinal);
        Assert.Contains("client authentication", told, StringComparison.Ordinal);
        Assert.Contains(" left", told, StringComparison.Ordinal);
        Assert.DoesNotContain("refused", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_be_refused_is_told_with_its_number_and_remedy()
    {
        using var expired = _root.IssueLeaf("lamp-1", new() { NotBefore = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), NotAfter = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        var told = await InspectAsync(expired.CertificatePem);

        Assert.Contains("days ago", told, StringComparison.Ordinal);
        Assert.Contains("refused      2001 The certificate has expired.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_is_followed_and_one_that_is_forged_is_told()
    {
        using var middle = _root.CreateIntermediate("Plant");
        using var leaf = middle.IssueLeaf("lamp-1");
        Assert.Contains("is taken when a group holds one of: 'CN=Plant'; 'CN=Factory'", await InspectAsync(leaf.CertificatePem + middle.Own.CertificatePem + _root.Own.CertificatePem), StringComparison.Ordinal);

        using var forged = middle.Forge();
        Assert.Contains("chain: refused: 2007", await InspectAsync(leaf.CertificatePem + forged.Own.CertificatePem), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_requests_and_containers_are_named_and_no_private_key_is_shown()
    {
        using var leaf = _root.IssueLeaf("lamp-1");
        var key = await InspectAsync(leaf.KeyPem);
        Assert.Contains("private key", key, StringComparison.Ordinal);
        Assert.Contains(leaf.Certificate.KeyThumbprint.ToString(), key, StringComparison.Ordinal);
        Assert.DoesNotContain(leaf.KeyPem.Split('\n')[1], key, StringComparison.Ordinal);
        Assert.DoesNotContain(leaf.KeyPem.Split('\n')[1], await InspectAsync(leaf.KeyPem, "-o", "json"), StringComparison.Ordinal);

        var request = TestSigningRequest.Make("lamp-1", leaf.Key);
        Assert.Contains("signing request (CSR)", await InspectAsync(request.Der.ToArray()), StringComparison.Ordinal);
        Assert.Contains("2029", await InspectAsync(leaf.WithKey.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12)), StringComparison.Ordinal);
        var container = new System.Security.Cryptography.X509Certificates.X509Certificate2Collection(leaf.WithKey).Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs7)!;
        Assert.Contains("PKCS #7", await InspectAsync(container), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_DER_is_read_and_a_file_of_something_else_is_refused()
    {
        using var leaf = _root.IssueLeaf("lamp-1");
        Assert.Contains("lamp-1", await InspectAsync(leaf.Der.ToArray()), StringComparison.Ordinal);

        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllTextAsync(file, "hello", TestContext.Current.CancellationToken);
        Assert.Contains("holds no certificate", await Line.RefusedAsync("certificate", "inspect", file), StringComparison.Ordinal);
    }

    private Task<string> InspectAsync(string content, params string[] options) => InspectAsync(System.Text.Encoding.ASCII.GetBytes(content), options);

    private async Task<string> InspectAsync(byte[] content, params string[] options)
    {
        var file = Path.Combine(_folder.FullName, "file");
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        return await Line.DoneAsync(["certificate", "inspect", file, .. options]);
    }
}
