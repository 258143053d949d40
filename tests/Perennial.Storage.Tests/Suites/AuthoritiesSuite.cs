using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Authorities;
using Perennial.Authority.Est;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.Authority.Revocation;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>Authorities made, requested, activated, rolled and revoked over each kind of store.</summary>
public abstract class AuthoritiesSuite : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-keys-");
    private readonly Stores _stores;
    private readonly KeyPlaces _places;
    private readonly OpenIssuers _open;

    protected AuthoritiesSuite(Stores stores)
    {
        ArgumentNullException.ThrowIfNull(stores);
        _stores = stores;
        _places = new([new EncryptedFileKeys(_folder.FullName, () => "correct horse", rounds: 1000)]);
        _open = new(_places, stores.Time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SignAuthority Sign => new(_stores.Journal, _open, _stores.Time);

    private IssueRemotely Remotely => new(new EstClient(_stores.Time), _stores.Journal, _stores.Time);

    private CreateAuthority Create => new(_stores.Issuers, _places, Sign, _stores.Time);

    private RequestAuthority Request => new(_stores.Issuers, _places, _stores.Time);

    private ActivateAuthority Activate => new(_stores.Issuers, _stores.Journal, _open, new ChainPolicy(new(), new()), _stores.Time);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _open.Dispose();
        _folder.Delete(recursive: true);
        return _stores.DisposeAsync();
    }

    [Fact]
    public async Task An_authority_below_an_offline_root_takes_over_and_the_one_before_is_old()
    {
        await Create.RunAsync(Wishes, "op", Stop);
        var (slot, request) = await Request.RunAsync(Wishes, null, "op", Stop);
        Assert.Equal("factory", (await _stores.Issuers.FindActiveAsync("factory", Stop))!.IssuerName);
        Assert.NotEqual(slot.Id, (await _stores.Issuers.FindActiveAsync("factory", Stop))!.Id);

        using var root = await OfflineRootAsync("root-1");
        var activated = Assert.IsType<ActivationOutcome.Activated>(await ActivateAsync(await root.SignAsync(TemplateOf(request)), root.Certificate));
        Assert.Equal(slot.Id, activated.Slot.Id);
        Assert.Equal(
            [IssuerState.Active, IssuerState.Old],
            (await _stores.Issuers.ListAsync(Stop)).Where(other => other.IssuerName == "factory").Select(other => other.State).Order());
        Assert.Equal(IssuanceState.Abandoned, Assert.Single(await _stores.Journal.ListAsync("activation-trial", 10, Stop)).State);
    }

    [Fact]
    public async Task What_would_not_carry_a_device_is_not_activated()
    {
        using var root = await OfflineRootAsync("root-1");
        var (_, request) = await Request.RunAsync(Wishes, null, "op", Stop);
        var good = await root.SignAsync(TemplateOf(request));
        Assert.Equal(AuthorityRefusals.ChainWithoutRoot, await RefusedAsync(good));

        using var narrow = await OfflineRootAsync("root-2");
        var below = await narrow.SignAsync(TemplateOf(request) with { PathLength = 0 });
        using var outside = TestAuthority.CreateRoot("Outside", new() { PathLength = 0 });
        using var between = outside.CreateIntermediate("Between");
        var tooDeep = SignBy(between, request);
        Assert.Equal(CertificateRefusals.PathTooLong, await RefusedAsync(tooDeep, between.Certificate, outside.Certificate));
        var held = await root.SignAsync(TemplateOf(request) with { Names = new() { PermittedSubjects = [new X500DistinguishedName("O=Acme").RawData] } });
        Assert.Equal(CertificateRefusals.NameNotPermitted, await RefusedAsync(held, root.Certificate));

        _stores.Time.Advance(TimeSpan.FromDays(11 * 365));
        Assert.Equal(IssuanceRefusals.IssuerNotValid, await RefusedAsync(below, narrow.Certificate));
        Assert.Null(await _stores.Issuers.FindActiveAsync("factory", Stop));
    }

    [Fact]
    public async Task A_certificate_for_another_key_is_not_activated()
    {
        await Request.RunAsync(Wishes, null, "op", Stop);
        using var root = await OfflineRootAsync("root-1");
        Assert.Equal(AuthorityRefusals.KeyOfNoSlot, await RefusedAsync(await root.SignAsync(TemplateOf(TestSigningRequest.Make("other"))), root.Certificate));
    }

    [Fact]
    public async Task Who_trusts_either_root_finds_a_path_to_the_leaves_of_both()
    {
        var before = await IssueAsync(await Create.RunAsync(Wishes, "op", Stop));
        var after = await IssueAsync(await Create.RunAsync(Wishes with { NewRoot = true }, "op", Stop));
        var trust = (await new FindTrust(_stores.Issuers, _stores.Time).RunAsync("factory", Stop))!;
        Assert.Equal(2, trust.Links.Count);
        Assert.Contains(trust.Former, other => other.Thumbprint == before.Above[^1].Thumbprint);

        Assert.Null(Judge(before, [], before.Above[^1]));
        Assert.Null(Judge(after, [], after.Above[^1]));
        Assert.Null(Judge(before, trust.Links, after.Above[^1]));
        Assert.Null(Judge(after, trust.Links, before.Above[^1]));
        Assert.NotNull(Judge(after, [], before.Above[^1]));
    }

    [Fact]
    public async Task The_authority_of_a_manufacturer_is_held_to_its_names()
    {
        await Create.RunAsync(Wishes, "op", Stop);
        var root = (await _stores.Issuers.FindActiveAsync("factory.root", Stop))!;
        using var key = TestKey.P256();
        Assert.True(CertificateSigningRequest.TryParse(TestSigningRequest.Encode("CN=Plant, O=Acme", key), out var request, out _));
        var scope = new NameScope { PermittedSubjects = [new X500DistinguishedName("O=Acme").RawData], ExcludedDnsNames = ["acme.example"] };
        var plant = await Sign.RunAsync(root, TemplateOf(request) with { Names = scope }, "op", Stop);
        Assert.Null(Judge(new(Leaf("CN=lamp-1, O=Acme"), [plant, root.Certificate!]), [], root.Certificate!));
        Assert.Equal(CertificateRefusals.NameNotPermitted, Judge(new(Leaf("CN=lamp-1, O=Other"), [plant, root.Certificate!]), [], root.Certificate!)!.Reason);

        Certificate Leaf(string subject)
        {
            using var issuer = X509CertificateLoader.LoadCertificate(plant.Der.Span);
            using var deviceKey = TestKey.P256();
            var draft = new CertificateRequest(subject, deviceKey, HashAlgorithmName.SHA256);
            using var signed = draft.Create(
                issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(key), plant.NotBefore, plant.NotBefore.AddDays(30), [1, 2, 3]);
            return Parse(signed.RawData);
        }
    }

    [Fact]
    public async Task Revoking_an_authority_revokes_its_certificate_and_it_issues_nothing_more()
    {
        var slot = await Create.RunAsync(Wishes, "op", Stop);
        var root = (await _stores.Issuers.FindActiveAsync("factory.root", Stop))!;
        var revoke = new RevokeAuthority(_stores.Issuers, _stores.Revocations, _stores.Time);
        Assert.Equal(IssuerState.Revoked, (await revoke.RunAsync(slot.Id, RevocationReason.CaCompromise, "op", Stop))!.State);
        Assert.Equal(IssuerState.Revoked, (await revoke.RunAsync(slot.Id, RevocationReason.CaCompromise, "op", Stop))!.State);
        Assert.Null(await revoke.RunAsync("none", RevocationReason.CaCompromise, "op", Stop));
        Assert.Null(await _stores.Issuers.FindActiveAsync("factory", Stop));
        var line = Assert.Single(await _stores.Revocations.ListAsync(root.Id, _stores.Time.GetUtcNow(), Stop));
        Assert.Equal((slot.Certificate!.SerialNumber, RevocationReason.CaCompromise), (line.SerialNumber, line.Reason));
    }

    [Fact]
    public async Task A_list_is_issued_daily_at_once_after_a_revocation_and_outlives_a_lost_key_for_a_week()
    {
        var slot = await Create.RunAsync(Wishes, "op", Stop);
        var chain = await IssueAsync(slot);
        using var open = new OpenIssuers(_places, _stores.Time);
        var lists = new IssueRevocationList(_stores.Issuers, _stores.Revocations, open, _stores.Time);
        Assert.Null(await lists.RunAsync("none", Stop));
        Assert.Equal(1, (await lists.RunAsync(slot.Id, Stop))!.Number);
        _stores.Time.Advance(IssueRevocationList.Interval - TimeSpan.FromSeconds(1));
        Assert.Equal(1, (await lists.RunAsync(slot.Id, Stop))!.Number);
        Assert.True(await _stores.Revocations.TryRevokeAsync(slot.Id, chain.Leaf.SerialNumber, RevocationReason.KeyCompromise, "op", Stop));
        Assert.False(await _stores.Revocations.TryRevokeAsync(slot.Id, chain.Leaf.SerialNumber, RevocationReason.KeyCompromise, "op", Stop));
        Assert.Equal(2, (await lists.RunAsync(slot.Id, Stop))!.Number);
        _stores.Time.Advance(IssueRevocationList.Interval);
        Assert.Equal(3, (await lists.RunAsync(slot.Id, Stop))!.Number);

        File.Delete(Path.Combine(_folder.FullName, slot.Key.FileName!));
        open.Forget(slot.Id);
        _stores.Time.Advance(IssueRevocationList.Life - TimeSpan.FromSeconds(1));
        Assert.Equal(3, (await lists.RunAsync(slot.Id, Stop))!.Number);
        _stores.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(KeyState.Lost, (await Assert.ThrowsAsync<KeyUnavailableException>(() => lists.RunAsync(slot.Id, Stop))).State);
        Assert.IsType<CertificateStatus.Revoked>(await _stores.Revocations.FindAsync(slot.Id, chain.Leaf.SerialNumber, Stop));
        Assert.IsType<CertificateStatus.Unknown>(await _stores.Revocations.FindAsync(slot.Id, "01", Stop));
    }

    private static AuthorityWishes Wishes => new() { IssuerName = "factory" };

    private static AuthorityTemplate TemplateOf(CertificateSigningRequest request) => new()
    {
        Subject = request.Subject.Der,
        Name = request.CommonName.Value,
        PublicKeyInfo = request.PublicKeyInfo,
        Validity = TimeSpan.FromDays(3650),
        PathLength = 0,
    };

    private static Certificate Parse(byte[] der) =>
        Certificate.TryParse(der, out var certificate, out var refusal) ? certificate : throw new InvalidOperationException(refusal.Detail);

    private Certificate SignBy(TestAuthority authority, CertificateSigningRequest request)
    {
        var (issuer, key) = (authority.Own.WithKey, (ECDsa)authority.Own.Key);
        var subject = new CertificateRequest(
            new X500DistinguishedName(request.Subject.Der.Span), PublicKey.CreateFromSubjectPublicKeyInfo(request.PublicKeyInfo.Span, out _), HashAlgorithmName.SHA256);
        subject.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var signed = subject.Create(
            issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(key), _stores.Time.GetUtcNow(), _stores.Time.GetUtcNow().AddDays(30), [9, 9]);
        return Parse(signed.RawData);
    }

    private async Task<OfflineRoot> OfflineRootAsync(string name)
    {
        Assert.True(CommonName.TryParse(name, out var commonName));
        var folder = Path.Combine(_folder.FullName, name);
        using var made = await OfflineRoot.CreateAsync(folder, commonName, KeyAlgorithm.P384, TimeSpan.FromDays(7300), "staple battery", _stores.Time, rounds: 1000);
        return OfflineRoot.Open(folder, "staple battery", _stores.Time);
    }

    private Task<ActivationOutcome> ActivateAsync(params Certificate[] chain) => Activate.RunAsync(chain, "op", Stop);

    private async Task<RefusalReason> RefusedAsync(params Certificate[] chain) =>
        Assert.IsType<ActivationOutcome.Refused>(await ActivateAsync(chain)).Refusal.Reason;

    private async Task<IssuedChain> IssueAsync(IssuerSlot slot)
    {
        await _stores.Profiles.SaveAsync(new() { Name = "lamps", IssuerName = slot.IssuerName }, "op", Stop);
        var issue = new IssueCertificate(_stores.Profiles, _stores.Issuers, _stores.Journal, _open, Remotely, _stores.Time);
        var request = TestSigningRequest.Make("lamp-1");
        var outcome = await issue.RunAsync(
            new() { ProfileName = "lamps", SigningRequest = request, CommonName = request.CommonName, Actor = "device" }, Stop);
        return Assert.IsType<IssuanceOutcome.Issued>(outcome).Chain;
    }

    private Refusal? Judge(IssuedChain chain, IReadOnlyList<Certificate> others, Certificate anchor)
    {
        Assert.True(CertificateChain.TryCreate(chain.Leaf, [.. chain.Above, .. others], out var presented, out _));
        return new ChainPolicy(new(), new()).FindPaths(presented, [anchor], _stores.Time.GetUtcNow()).Refusal;
    }
}
