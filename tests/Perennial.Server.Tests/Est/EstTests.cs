using MQTTnet.Protocol;
using Perennial.Authority.Authorities;
using Perennial.Provisioning.Issuance;
using Perennial.Server.Tests.Issuance;
using Perennial.Server.Tests.Outages;

namespace Perennial.Server.Tests.Est;

/// <summary>EST (RFC 7030) as curl and openssl speak it.</summary>
public sealed class EstTests : IAsyncDisposable
{
    private const string Key = "c2l4dGVlbiBieXRlcyBvZiBhIHRlc3Qga2V5IGFuZCBtb3Jl";

    private readonly IssuingInstance _issuing = new();
    private readonly EstShell _shell;

    public EstTests() => _shell = new EstShell(_issuing);

    private string Base => _shell.Base;

    private string Curl => _shell.Curl;

    public async ValueTask DisposeAsync()
    {
        await _issuing.DisposeAsync();
        _shell.Dispose();
    }

    [Fact]
    public async Task A_device_enrolls_by_its_factory_certificate_reenrolls_by_the_new_one_and_both_chain_to_cacerts()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        _shell.WriteIdentity("factory", factory);
        await (await PublishingDevice.ConnectAsync(_issuing.Endpoint, "dev-01", factory)).DisposeAsync();

        await _shell.EnrollAsync("first", $"--cert factory.pem --key factory.key {Base}/lamps/simpleenroll");
        await _shell.EnrollAsync("second", $"--cert first.pem --key first.key {Base}/simplereenroll");
        await _shell.RunAsync(
            $"""
            {Curl} {Base}/lamps/cacerts | base64 -d | openssl pkcs7 -inform DER -print_certs -out cas.pem
            openssl verify -CAfile cas.pem first.pem second.pem
            """);
        Assert.Equal("subject=CN = dev-01", await _shell.RunAsync("openssl x509 -in second.pem -noout -subject"));

        var (first, second) = (await _shell.ReadAsync("first"), await _shell.ReadAsync("second"));
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(_issuing.Endpoint, "dev-01", second));
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, await PublishingDevice.TryAsync(_issuing.Endpoint, "dev-01", first));
    }

    [Fact]
    public async Task While_a_root_is_rolled_cacerts_brings_the_links_by_which_who_trusts_the_old_one_trusts_the_new()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        _shell.WriteIdentity("factory", factory);
        await _shell.RunAsync($"{Curl} {Base}/cacerts | base64 -d | openssl pkcs7 -inform DER -print_certs -out old.pem");
        await _issuing.WithAuthorityAsync(parts => parts.CreateAuthority.RunAsync(
            new AuthorityWishes { IssuerName = "ours", NewRoot = true }, "test", TestContext.Current.CancellationToken));

        await _shell.EnrollAsync("next", $"--cert factory.pem --key factory.key {Base}/simpleenroll");
        await _shell.RunAsync(
            $"""
            {Curl} {Base}/cacerts | base64 -d | openssl pkcs7 -inform DER -print_certs -out now.pem
            ! openssl verify -CAfile old.pem next.pem
            """);
        await _shell.RunAsync(
            """
            # openssl looks no further once it has found the new root by itself: it is given what stands between.
            csplit -s -z -f part- now.pem '/^subject/' '{*}'
            for part in part-*; do
              [ "$(openssl x509 -in $part -noout -subject_hash)" = "$(openssl x509 -in $part -noout -issuer_hash)" ] || cat $part >> links.pem
            done
            openssl verify -CAfile old.pem -untrusted links.pem next.pem
            """);
    }

    [Fact]
    public async Task A_device_enrolls_by_its_registration_id_and_key()
    {
        using var service = await _issuing.StartAsync();
        await IssuingInstance.EnrollAsync(service, "dev-01", $$"""{"type":"symmetricKey","symmetricKey":{"primaryKey":"{{Key}}","secondaryKey":"{{Key}}"} }""");
        await _shell.EnrollAsync("first", $"--user dev-01:{Key} {Base}/simpleenroll");
        Assert.Contains("dev-01", await _shell.RunAsync("openssl x509 -in first.pem -noout -subject"), StringComparison.Ordinal);
        Assert.Equal("401", await _shell.StatusAsync($"--user dev-01:AAAA --data-binary @first.csr {Base}/simpleenroll"));
        Assert.Equal("401", await _shell.StatusAsync($"--user dev-02:{Key} --data-binary @first.csr {Base}/simpleenroll"));
    }

    [Fact]
    public async Task What_cannot_be_had_is_refused_with_its_status_and_a_sentence()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        _shell.WriteIdentity("factory", factory);
        await _shell.RunAsync(EstShell.RequestScript("mine", "dev-01") + EstShell.RequestScript("other", "dev-02"));
        const string Identity = "--cert factory.pem --key factory.key";
        Assert.Equal("401", await _shell.StatusAsync($"--data-binary @mine.csr {Base}/simpleenroll"));
        Assert.Equal("401", await _shell.StatusAsync($"--user dev-01:{Key} --data-binary @mine.csr {Base}/simplereenroll"));
        Assert.Equal("400", await _shell.StatusAsync($"{Identity} --data-binary @other.csr {Base}/simpleenroll"));
        Assert.Contains($"({LeafRefusals.OtherName.Number})", await _shell.RunAsync("cat body"), StringComparison.Ordinal);
        Assert.Equal("400", await _shell.StatusAsync($"{Identity} --data-binary AAAA {Base}/simpleenroll"));
        Assert.Equal("403", await _shell.StatusAsync($"{Identity} --data-binary @mine.csr {Base}/others/simpleenroll"));
        Assert.Equal("404", await _shell.StatusAsync($"{Base}/others/cacerts"));
        Assert.Equal("413", await _shell.StatusAsync($"{Identity} --data-binary @<(head -c 20000 /dev/zero) {Base}/simpleenroll"));
        Assert.Equal("501", await _shell.StatusAsync($"{Identity} --data-binary @mine.csr {Base}/serverkeygen"));
        Assert.Contains("a device makes its own", await _shell.RunAsync("cat body"), StringComparison.Ordinal);
        Assert.Contains("prime256v1", await _shell.RunAsync($"{Curl} {Base}/lamps/csrattrs | base64 -d | openssl asn1parse -inform DER"), StringComparison.Ordinal);
    }
}
