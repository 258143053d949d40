using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Perennial.Authority.Est;
using Perennial.Authority.Issuance;
using Perennial.Authority.Keys;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Authorities;

/// <summary>An EST server of another maker signs for an issuer.</summary>
public sealed class EstIssuerTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private LittleEstServer _est = null!;
    private ServedInstance _served = null!;
    private AuthorityBeside _beside = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _est = await LittleEstServer.StartAsync();
        _served = ServedInstance.Open(TimeProvider.System);
        _beside = AuthorityBeside.Open(_served, TimeProvider.System);
        await File.WriteAllTextAsync(CredentialsFile, LittleEstServer.Credentials + "\n", Stop);
        Assert.NotNull(await _beside.Parts.AddRemote.RunAsync("factory", AddressWith("devices"), "op", Stop));
        await _beside.Parts.Profiles.SaveAsync(new() { Name = "lamps", IssuerName = "factory" }, "op", Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _beside.DisposeAsync();
        await _served.DisposeAsync();
        await _est.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string CredentialsFile => Path.Combine(_folder.FullName, "credentials");

    [Fact]
    public async Task It_signs_and_the_chain_comes_from_its_cacerts()
    {
        var request = Ask("lamp-1");
        var chain = Assert.IsType<IssuanceOutcome.Issued>(await RunAsync(request)).Chain;
        Assert.Equal(request.SigningRequest.KeyThumbprint, chain.Leaf.KeyThumbprint);
        Assert.Equal(["CN=EST issuing", "CN=EST root"], chain.Above.Select(above => above.Subject.Text));
        Assert.Equal(chain.Leaf.Thumbprint, Assert.IsType<IssuanceOutcome.Issued>(await RunAsync(request)).Chain.Leaf.Thumbprint);
        Assert.Equal(["/.well-known/est/devices/cacerts", "/.well-known/est/devices/simpleenroll"], _est.Asked);
        Assert.Equal(IssuanceState.Issued, Assert.Single(await _beside.Parts.Journal.ListAsync("lamp-1", 10, Stop)).State);

        await RunAsync(Ask("lamp-1"));
        Assert.Equal("/.well-known/est/devices/simplereenroll", _est.Asked.Last());
    }

    [Fact]
    public async Task While_it_has_not_decided_the_same_request_waits_under_one_record()
    {
        _est.Instead = context =>
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            context.Response.Headers.RetryAfter = "30";
            return true;
        };
        var request = Ask("lamp-1");
        var first = Assert.IsType<IssuanceOutcome.Pending>(await RunAsync(request));
        Assert.Equal(TimeSpan.FromSeconds(30), first.RetryAfter);
        Assert.Equal(first.OperationId, Assert.IsType<IssuanceOutcome.Pending>(await RunAsync(request)).OperationId);
        _est.Instead = _ => false;
        Assert.IsType<IssuanceOutcome.Issued>(await RunAsync(request));
        Assert.Equal(IssuanceState.Issued, Assert.Single(await _beside.Parts.Journal.ListAsync("lamp-1", 10, Stop)).State);
    }

    [Theory]
    [InlineData(403, 8008)]
    [InlineData(400, 8008)]
    public async Task What_it_refuses_is_refused(int status, int number)
    {
        Answer(status);
        Assert.Equal(number, Assert.IsType<IssuanceOutcome.Refused>(await RunAsync(Ask("lamp-1"))).Refusal.Reason.Number);
    }

    [Theory]
    [InlineData(503, KeyState.Failing)]
    [InlineData(429, KeyState.Failing)]
    [InlineData(401, KeyState.Locked)]
    public async Task When_it_cannot_answer_the_issuer_is_unavailable(int status, KeyState state)
    {
        Answer(status);
        Assert.Equal(state, Assert.IsType<IssuanceOutcome.Unavailable>(await RunAsync(Ask("lamp-1"))).State);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_the_right_one_counts_at_once()
    {
        await File.WriteAllTextAsync(CredentialsFile, "ra:wrong\n", Stop);
        var unavailable = Assert.IsType<IssuanceOutcome.Unavailable>(await RunAsync(Ask("lamp-1")));
        Assert.Equal(KeyState.Locked, unavailable.State);
        Assert.DoesNotContain("wrong", unavailable.Detail, StringComparison.Ordinal);
        await File.WriteAllTextAsync(CredentialsFile, LittleEstServer.Credentials + "\n", Stop);
        Assert.IsType<IssuanceOutcome.Issued>(await RunAsync(Ask("lamp-1")));
    }

    [Fact]
    public async Task A_certificate_for_another_key_or_name_is_not_taken()
    {
        using var key = TestKey.P256();
        _est.OtherRequest = TestSigningRequest.Encode("CN=lamp-1", key);
        Assert.Equal(IssuanceRefusals.RemoteDiffers, Assert.IsType<IssuanceOutcome.Refused>(await RunAsync(Ask("lamp-1"))).Refusal.Reason);
        _est.OtherRequest = TestSigningRequest.Encode("CN=lamp-2", key);
        Assert.Equal(IssuanceRefusals.RemoteDiffers, Assert.IsType<IssuanceOutcome.Refused>(await RunAsync(Ask("lamp-1", key))).Refusal.Reason);
    }

    [Fact]
    public async Task A_server_that_does_not_chain_to_the_named_roots_is_not_asked()
    {
        using var other = TestAuthority.CreateRoot("Other");
        AuthorityBeside.Write(_folder.FullName, "root.pem", other.Certificate);
        Assert.Equal(KeyState.Lost, Assert.IsType<IssuanceOutcome.Unavailable>(await RunAsync(Ask("lamp-1"))).State);
    }

    private static IssuanceRequest Ask(string device, ECDsa? key = null)
    {
        var request = TestSigningRequest.Make(device, key);
        return new()
        {
            ProfileName = "lamps",
            SigningRequest = request,
            CommonName = request.CommonName,
            Actor = $"device {device}",
            IdempotencyKey = request.KeyThumbprint.ToString(),
        };
    }

    private KeyAddress AddressWith(string label) => new EstAddress(
        EstAddress.BaseOf(_est.Url, label), CredentialsFile, null, null, AuthorityBeside.Write(_folder.FullName, "root.pem", _est.Root), UsesReenroll: true).ToKeyAddress();

    private Task<IssuanceOutcome> RunAsync(IssuanceRequest request) => _beside.Parts.Issue.RunAsync(request, Stop);

    private void Answer(int status) => _est.Instead = context =>
    {
        context.Response.StatusCode = status;
        return true;
    };
}
