using System.Net;
using System.Net.Http.Headers;
using CsCheck;
using Perennial.Authority.Issuance;
using Perennial.Authority.Revocation;
using Perennial.Server.Tests.Instances;

namespace Perennial.Server.Tests.Authorities;

/// <summary>Revocation lists and OCSP of a server that runs, judged by <c>openssl</c>.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private ServedInstance _served = null!;
    private AuthorityBeside _beside = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Url => $"http://127.0.0.1:{_served.Ports.Portal}";

    public async ValueTask InitializeAsync()
    {
        _served = await ServedInstance.Open(
            TimeProvider.System, change: options => options with { RevocationUrl = new Uri("http://pki.example:8080") }).StartAsync();
        _beside = AuthorityBeside.Open(_served, TimeProvider.System);
        await _beside.PrepareAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _beside.DisposeAsync();
        await _served.DisposeAsync();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_list_verifies_names_what_is_revoked_and_changes_its_tag_with_it()
    {
        var (good, bad) = (await _beside.IssueAsync("lamp-1"), await _beside.IssueAsync("lamp-2"));
        var slot = (await _beside.Parts.Issuers.FindActiveAsync("factory", Stop))!;
        using var before = await _client.GetAsync($"{Url}{RevocationPlaces.ListPath(slot.Id)}", Stop);
        Assert.Equal("application/pkix-crl", before.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(slot.Id, before.Headers.ETag)).StatusCode);

        Assert.True(await _beside.Parts.Revocations.TryRevokeAsync(slot.Id, bad.Leaf.SerialNumber, RevocationReason.KeyCompromise, "op", Stop));
        using var after = await GetAsync(slot.Id, before.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        var (file, issuer) = (Path.Combine(_folder.FullName, "list.crl"), AuthorityBeside.Write(_folder.FullName, "issuer.pem", slot.Certificate!));
        await File.WriteAllBytesAsync(file, await after.Content.ReadAsByteArrayAsync(Stop), Stop);
        var (isContent, text) = await OpenSsl.RunAsync("crl", "-inform", "DER", "-in", file, "-CAfile", issuer, "-noout", "-text");
        Assert.True(isContent, text);
        Assert.Contains("verify OK", text, StringComparison.Ordinal);
        Assert.Contains(bad.Leaf.SerialNumber, text, StringComparison.Ordinal);
        Assert.Contains("Key Compromise", text, StringComparison.Ordinal);
        Assert.DoesNotContain(good.Leaf.SerialNumber, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_with_its_list_is_good_or_revoked_to_openssl()
    {
        var (good, bad) = (await _beside.IssueAsync("lamp-1"), await _beside.IssueAsync("lamp-2"));
        var slot = (await _beside.Parts.Issuers.FindActiveAsync("factory", Stop))!;
        await _beside.Parts.Revocations.TryRevokeAsync(slot.Id, bad.Leaf.SerialNumber, RevocationReason.Unspecified, "op", Stop);
        using var list = await GetAsync(slot.Id, null);
        var (crl, root) = (Path.Combine(_folder.FullName, "list.crl"), AuthorityBeside.Write(_folder.FullName, "root.pem", good.Above[^1]));
        var issuer = AuthorityBeside.Write(_folder.FullName, "issuer.pem", slot.Certificate!);
        await File.WriteAllBytesAsync(crl, await list.Content.ReadAsByteArrayAsync(Stop), Stop);
        string[] verify = ["verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", root, "-untrusted", issuer, "-crl_check", "-CRLfile", crl];
        var (isGood, text) = await OpenSsl.RunAsync([.. verify, AuthorityBeside.Write(_folder.FullName, "good.pem", good.Leaf)]);
        Assert.True(isGood, text);
        var (isBadGood, words) = await OpenSsl.RunAsync([.. verify, AuthorityBeside.Write(_folder.FullName, "bad.pem", bad.Leaf)]);
        Assert.False(isBadGood);
        Assert.Contains("certificate revoked", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-sha1")]
    [InlineData("-sha256")]
    public async Task OCSP_tells_good_and_revoked_with_the_nonce_of_who_asks(string hash)
    {
        var (good, bad) = (await _beside.IssueAsync("lamp-1"), await _beside.IssueAsync("lamp-2"));
        var slot = (await _beside.Parts.Issuers.FindActiveAsync("factory", Stop))!;
        await _beside.Parts.Revocations.TryRevokeAsync(slot.Id, bad.Leaf.SerialNumber, RevocationReason.Superseded, "op", Stop);
        var issuer = AuthorityBeside.Write(_folder.FullName, "issuer.pem", slot.Certificate!);
        var root = AuthorityBeside.Write(_folder.FullName, "root.pem", good.Above[^1]);
        var (isContent, text) = await OpenSsl.RunAsync(
            "ocsp", "-issuer", issuer, hash, "-cert", AuthorityBeside.Write(_folder.FullName, "good.pem", good.Leaf),
            "-cert", AuthorityBeside.Write(_folder.FullName, "bad.pem", bad.Leaf), "-serial", "0x01FFFF",
            "-url", Url + RevocationPlaces.OcspPath, "-CAfile", root, "-verify_other", issuer, "-nonce");
        Assert.True(isContent, text);
        Assert.Contains("Response verify OK", text, StringComparison.Ordinal);
        Assert.Contains("good.pem: good", text, StringComparison.Ordinal);
        Assert.Contains("bad.pem: revoked", text, StringComparison.Ordinal);
        Assert.Contains("Reason: superseded", text, StringComparison.Ordinal);
        Assert.Contains("0x01FFFF: unknown", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no nonce", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task OCSP_by_GET_answers_as_by_POST_and_what_is_no_request_is_told()
    {
        var chain = await _beside.IssueAsync("lamp-1");
        var request = Path.Combine(_folder.FullName, "request.der");
        var issuer = AuthorityBeside.Write(_folder.FullName, "issuer.pem", chain.Above[0]);
        await OpenSsl.RunAsync("ocsp", "-issuer", issuer, "-cert", AuthorityBeside.Write(_folder.FullName, "leaf.pem", chain.Leaf), "-reqout", request, "-no_nonce");
        var encoded = Uri.EscapeDataString(Convert.ToBase64String(await File.ReadAllBytesAsync(request, Stop)));
        using var answer = await _client.GetAsync($"{Url}{RevocationPlaces.OcspPath}/{encoded}", Stop);
        var response = Path.Combine(_folder.FullName, "response.der");
        await File.WriteAllBytesAsync(response, await answer.Content.ReadAsByteArrayAsync(Stop), Stop);
        var (isContent, text) = await OpenSsl.RunAsync("ocsp", "-respin", response, "-issuer", issuer, "-cert", Path.Combine(_folder.FullName, "leaf.pem"), "-VAfile", issuer);
        Assert.True(isContent, text);
        Assert.Contains("leaf.pem: good", text, StringComparison.Ordinal);

        Assert.Equal([0x30, 0x03, 0x0A, 0x01, 0x01], await _client.GetByteArrayAsync($"{Url}{RevocationPlaces.OcspPath}/AAAA", Stop));
        using var foreign = await _client.PostAsync($"{Url}{RevocationPlaces.OcspPath}", new ByteArrayContent([1]), Stop);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("none", null)).StatusCode);
    }

    [Fact]
    public async Task No_bytes_make_OCSP_throw()
    {
        var chain = await _beside.IssueAsync("lamp-1");
        var request = Path.Combine(_folder.FullName, "request.der");
        var issuer = AuthorityBeside.Write(_folder.FullName, "issuer.pem", chain.Above[0]);
        await OpenSsl.RunAsync("ocsp", "-issuer", issuer, "-cert", AuthorityBeside.Write(_folder.FullName, "leaf.pem", chain.Leaf), "-reqout", request);
        var bytes = await File.ReadAllBytesAsync(request, Stop);
        await Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length]).SampleAsync(
            async (at, value, length) =>
            {
                var changed = (byte[])bytes.Clone();
                changed[at] = value;
                Assert.Equal(0x30, (await _beside.Parts.Ocsp.RunAsync(changed.AsMemory(0, length), Stop))[0]);
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public async Task Certificates_say_where_revocation_is_told()
    {
        var chain = await _beside.IssueAsync("lamp-1");
        var (_, text) = await OpenSsl.RunAsync("x509", "-in", AuthorityBeside.Write(_folder.FullName, "leaf.pem", chain.Leaf), "-noout", "-text");
        var slot = (await _beside.Parts.Issuers.FindActiveAsync("factory", Stop))!;
        Assert.Contains($"URI:http://pki.example:8080{RevocationPlaces.ListPath(slot.Id)}", text, StringComparison.Ordinal);
        Assert.Contains($"OCSP - URI:http://pki.example:8080{RevocationPlaces.OcspPath}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_portal_says_that_a_root_made_here_is_for_testing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url);
        request.Headers.Add("Cookie", await _served.EnterPortalAsync());
        using var page = await _client.SendAsync(request, Stop);
        Assert.Contains(
            "The root of issuer <strong>factory</strong> was made on this server, and is for testing.",
            await page.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> GetAsync(string slotId, EntityTagHeaderValue? tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{Url}{RevocationPlaces.ListPath(slotId)}");
        if (tag is not null)
        {
            request.Headers.IfNoneMatch.Add(tag);
        }

        return _client.SendAsync(request, Stop);
    }
}
