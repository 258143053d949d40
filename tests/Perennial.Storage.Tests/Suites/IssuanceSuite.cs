using Perennial.Authority.Authorities;
using Perennial.Authority.Est;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>Certificates issued over each kind of store, with keys in files.</summary>
public abstract class IssuanceSuite : IAsyncDisposable
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("perennial-keys-");
    private readonly Stores _stores;
    private readonly KeyPlaces _places;
    private readonly OpenIssuers _open;

    protected IssuanceSuite(Stores stores)
    {
        ArgumentNullException.ThrowIfNull(stores);
        _stores = stores;
        _places = new([new EncryptedFileKeys(_keys.FullName, () => "correct horse", rounds: 1000)]);
        _open = new(_places, stores.Time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IssueCertificate Issue => new(_stores.Profiles, _stores.Issuers, _stores.Journal, _open, Remotely, _stores.Time);

    private IssueRemotely Remotely => new(new EstClient(_stores.Time), _stores.Journal, _stores.Time);

    private CreateAuthority Create => new(_stores.Issuers, _places, new SignAuthority(_stores.Journal, _open, _stores.Time), _stores.Time);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _open.Dispose();
        _keys.Delete(recursive: true);
        return _stores.DisposeAsync();
    }

    [Fact]
    public async Task A_certificate_is_issued_stored_and_valid_by_the_chain_policy()
    {
        await PrepareAsync();
        var request = TestSigningRequest.Make("LAMP-1");
        var chain = await IssuedAsync(new() { ProfileName = "Lamps", SigningRequest = request, CommonName = Name("lamp-1"), Actor = "device lamp-1" });

        Assert.Equal(3, chain.OnWire.Count);
        Assert.Equal(request.KeyThumbprint, chain.Leaf.KeyThumbprint);
        Assert.True(chain.Leaf.TryGetCommonName(out var name, out _));
        Assert.Equal("lamp-1", name.Value);
        Assert.True(CertificateChain.TryCreate(chain.Leaf, chain.OnWire, out var presented, out _));
        var search = new ChainPolicy(new(), new()).FindPaths(presented, [chain.Above[^1]], _stores.Time.GetUtcNow());
        Assert.Null(search.Refusal);

        var record = Assert.Single(await _stores.Journal.ListAsync("Lamp-1", 10, Stop));
        Assert.Equal(IssuanceState.Issued, record.State);
        Assert.Equal(chain.Leaf.Thumbprint, record.Certificate!.Thumbprint);
        Assert.Contains("device lamp-1 certificate.issue certificate of 'lamp-1'", _stores.Audit());
    }

    [Fact]
    public async Task The_same_request_id_gets_the_same_certificate_and_another_key_is_refused()
    {
        await PrepareAsync();
        var request = Ask("lamp-1") with { IdempotencyKey = "rid-1" };
        var first = await IssuedAsync(request);
        Assert.Equal(first.Leaf.Thumbprint, (await IssuedAsync(request)).Leaf.Thumbprint);
        Assert.NotEqual(first.Leaf.Thumbprint, (await IssuedAsync(request with { IdempotencyKey = "rid-2" })).Leaf.Thumbprint);
        Assert.Equal(IssuanceRefusals.IdempotencyKeyUsed, await RefusedAsync(Ask("lamp-1") with { IdempotencyKey = "rid-1" }));
    }

    [Fact]
    public async Task Requests_with_one_id_at_the_same_time_get_one_certificate()
    {
        await PrepareAsync();
        var request = Ask("lamp-1") with { IdempotencyKey = "rid-1" };
        var chains = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => IssuedAsync(request))));
        Assert.Single(chains.DistinctBy(chain => chain.Leaf.Thumbprint));
        var records = await _stores.Journal.ListAsync("lamp-1", 10, Stop);
        Assert.Single(records, record => record.State == IssuanceState.Issued);
        Assert.DoesNotContain(records, record => record.State == IssuanceState.Intended);
    }

    [Fact]
    public async Task What_cannot_be_issued_is_refused_by_the_first_rule_it_breaks()
    {
        Assert.Equal(IssuanceRefusals.ProfileUnknown, await RefusedAsync(Ask("lamp-1")));
        await _stores.Profiles.SaveAsync(Profile with { AllowedKeys = KeyKinds.P384 }, "op", Stop);
        Assert.Equal(IssuanceRefusals.CommonNameDiffers, await RefusedAsync(Ask("lamp-1") with { CommonName = Name("lamp-2") }));
        Assert.Equal(IssuanceRefusals.KeyNotAllowed, await RefusedAsync(Ask("lamp-1")));
        await _stores.Profiles.SaveAsync(Profile, "op", Stop);
        Assert.Equal(IssuanceRefusals.IssuerInactive, await RefusedAsync(Ask("lamp-1")));
        await PrepareAsync();
        _stores.Time.Advance(TimeSpan.FromDays(4000));
        Assert.Equal(IssuanceRefusals.IssuerNotValid, await RefusedAsync(Ask("lamp-1")));
        Assert.Empty(await _stores.Journal.ListAsync("lamp-1", 10, Stop));
    }

    [Fact]
    public async Task A_stop_between_intent_and_signature_leaves_a_record()
    {
        await PrepareAsync();
        var slot = (await _stores.Issuers.FindActiveAsync("factory", Stop))!;
        using var stuck = new StuckKey(slot.Certificate!.PublicKeyInfo);
        using var open = new OpenIssuers(new([new OneKey(stuck)]), _stores.Time);
        var issue = new IssueCertificate(_stores.Profiles, _stores.Issuers, _stores.Journal, open, Remotely, _stores.Time);
        var issuing = issue.RunAsync(Ask("lamp-1"), Stop);
        await stuck.Asked;

        var record = Assert.Single(await _stores.Journal.ListAsync("lamp-1", 10, Stop));
        Assert.Equal(IssuanceState.Intended, record.State);
        Assert.Null(record.Certificate);
        Assert.False(issuing.IsCompleted);

        stuck.Fail(KeyState.Slow);
        var unavailable = Assert.IsType<IssuanceOutcome.Unavailable>(await issuing);
        Assert.Equal(KeyState.Slow, unavailable.State);
        Assert.Equal(IssuanceState.Abandoned, Assert.Single(await _stores.Journal.ListAsync("lamp-1", 10, Stop)).State);
    }

    [Fact]
    public async Task A_serial_number_is_taken_once_in_a_slot()
    {
        var intent = new IssuanceIntent
        {
            SlotId = "a",
            SerialNumber = "01AB",
            ProfileName = "lamps",
            CommonName = "lamp-1",
            KeyThumbprint = Thumbprint.Of([1]),
            Planned = new byte[] { 1, 2 },
            NotAfter = _stores.Time.GetUtcNow(),
            Actor = "op",
            At = _stores.Time.GetUtcNow(),
        };
        Assert.True(await _stores.Journal.TryIntendAsync(intent, Stop));
        Assert.False(await _stores.Journal.TryIntendAsync(intent, Stop));
        Assert.True(await _stores.Journal.TryIntendAsync(intent with { SlotId = "b" }, Stop));
    }

    [Fact]
    public async Task A_key_that_does_not_open_is_told_and_opens_when_it_is_back()
    {
        await PrepareAsync();
        var file = Path.Combine(_keys.FullName, (await _stores.Issuers.FindActiveAsync("factory", Stop))!.Key.FileName!);
        File.Move(file, file + ".away");
        using var open = new OpenIssuers(_places, _stores.Time);
        var issue = new IssueCertificate(_stores.Profiles, _stores.Issuers, _stores.Journal, open, Remotely, _stores.Time);
        Assert.Equal(KeyState.Lost, Assert.IsType<IssuanceOutcome.Unavailable>(await issue.RunAsync(Ask("lamp-1"), Stop)).State);
        File.Move(file + ".away", file);
        _stores.Time.Advance(OpenIssuers.Pause);
        Assert.IsType<IssuanceOutcome.Issued>(await issue.RunAsync(Ask("lamp-1"), Stop));
    }

    private static CertificateProfile Profile => new() { Name = "lamps", IssuerName = "factory" };

    private static CommonName Name(string text) => CommonName.TryParse(text, out var name) ? name : throw new ArgumentException(text);

    private static IssuanceRequest Ask(string device) => new()
    {
        ProfileName = "lamps",
        SigningRequest = TestSigningRequest.Make(device),
        CommonName = Name(device),
        Actor = $"device {device}",
    };

    private async Task PrepareAsync()
    {
        await Create.RunAsync(new() { IssuerName = "factory" }, "op", Stop);
        await _stores.Profiles.SaveAsync(Profile, "op", Stop);
    }

    private async Task<IssuedChain> IssuedAsync(IssuanceRequest request) =>
        Assert.IsType<IssuanceOutcome.Issued>(await Issue.RunAsync(request, Stop)).Chain;

    private async Task<RefusalReason> RefusedAsync(IssuanceRequest request) =>
        Assert.IsType<IssuanceOutcome.Refused>(await Issue.RunAsync(request, Stop)).Refusal.Reason;
}
