using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of enrollments does.</summary>
public abstract class EnrollmentStoreSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestCertificate _old = TestAuthority.CreateSelfSignedLeaf("dev-01");
    private readonly TestCertificate _new = TestAuthority.CreateSelfSignedLeaf("dev-01");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Everything_of_an_enrollment_comes_back()
    {
        var saved = Samples.Individual("Dev-01", "1", _old.Certificate, _new.Certificate) with
        {
            IsEnabled = false,
            DeviceId = "Pump-1",
            AllocationPolicy = AllocationPolicy.Static,
            HubHostNames = ["a.example", "b.example"],
            ReprovisionPolicy = ReprovisionPolicy.Never,
            InitialTwin = new InitialTwin(Samples.Json("""{"place":"roof"}"""), Samples.Json("""{"interval":60}""")),
            IsEdge = true,
            OptionalDeviceInformation = Samples.Json("""{"serial":"ü7"}"""),
        };
        Assert.IsType<EnrollmentWrite.Saved>(await stores.Enrollments.SaveAsync(saved, null, "op", Stop));

        var found = await stores.Enrollments.FindAsync(EnrollmentKey.Individual(Samples.Id("DEV-01")), Stop);
        Assert.NotNull(found);
        Assert.Equal("Dev-01", found.Key.Id);
        Assert.Equal(saved.Mechanism, found.Mechanism);
        Assert.Equal(saved.HubHostNames, found.HubHostNames);
        Assert.Equal(saved.InitialTwin!.Desired!.Value.GetRawText(), found.InitialTwin!.Desired!.Value.GetRawText());
        Assert.Equal("ü7", found.OptionalDeviceInformation!.Value.GetProperty("serial").GetString());
        Assert.Equal(
            saved with { Key = found.Key, Mechanism = found.Mechanism, HubHostNames = [], InitialTwin = null, OptionalDeviceInformation = null },
            found with { HubHostNames = [], InitialTwin = null, OptionalDeviceInformation = null });
    }

    [Fact]
    public async Task A_write_on_a_stale_etag_changes_nothing()
    {
        await SaveAsync(Samples.Individual("dev-01", "1", _old.Certificate), null);
        Assert.IsType<EnrollmentWrite.Changed>(await SaveAsync(Samples.Individual("dev-01", "2", _new.Certificate), null));
        Assert.IsType<EnrollmentWrite.Changed>(await SaveAsync(Samples.Individual("dev-01", "2", _new.Certificate), "0"));
        Assert.IsType<EnrollmentWrite.Changed>(await SaveAsync(Samples.Individual("dev-02", "2", _new.Certificate), "1"));
        Assert.Equal("1", (await stores.Enrollments.FindAsync(EnrollmentKey.Individual(Samples.Id("dev-01")), Stop))!.ETag);
    }

    [Fact]
    public async Task A_certificate_stands_in_one_enrollment_only()
    {
        await SaveAsync(Samples.Individual("dev-01", "1", null, _old.Certificate), null);
        var taken = Assert.IsType<EnrollmentWrite.CertificateTaken>(await SaveAsync(Samples.Individual("dev-02", "1", _old.Certificate), null));
        Assert.Equal(("dev-01", Slot.Secondary), (taken.Holder.Id, taken.Slot));
    }

    [Fact]
    public async Task A_certificate_may_change_its_slot()
    {
        await SaveAsync(Samples.Individual("dev-01", "1", _old.Certificate, _new.Certificate), null);
        Assert.IsType<EnrollmentWrite.Saved>(await SaveAsync(Samples.Individual("dev-01", "2", _new.Certificate, _old.Certificate), "1"));
    }

    [Fact]
    public async Task Candidates_are_the_individual_alone_or_the_groups_that_could_have_signed()
    {
        using var root = TestAuthority.CreateRoot("Root A");
        using var other = TestAuthority.CreateRoot("Root B");
        using var intermediate = root.CreateIntermediate("Middle A");
        var leaf = intermediate.IssueLeaf("dev-01");
        var chain = Samples.Chain(leaf, intermediate);
        await SaveAsync(Samples.GroupOf("far", "1", root.Certificate), null);
        await SaveAsync(Samples.GroupOf("near", "1", intermediate.Certificate) with { Created = Samples.At.AddDays(-1) }, null);
        await SaveAsync(Samples.GroupOf("stranger", "1", other.Certificate), null);

        var byGroup = await stores.Enrollments.FindCandidatesAsync(Samples.Id("dev-01"), new DeviceProof.ByCertificate(chain), Stop);
        Assert.Equal(["near", "far"], byGroup.Groups.Select(group => group.Key.Id));
        Assert.Null(byGroup.Individual);

        await SaveAsync(Samples.Individual("dev-01", "1", _old.Certificate), null);
        var alone = await stores.Enrollments.FindCandidatesAsync(Samples.Id("DEV-01"), new DeviceProof.ByCertificate(chain), Stop);
        Assert.Equal("dev-01", alone.Individual!.Key.Id);
        var holder = await stores.Enrollments.FindCandidatesAsync(Samples.Id("dev-02"), new DeviceProof.ByCertificate(Samples.Chain(_old)), Stop);
        Assert.Equal("dev-01", holder.LeafHolder!.Key.Id);
    }

    [Fact]
    public async Task Deleting_takes_the_certificates_along()
    {
        await SaveAsync(Samples.Individual("dev-01", "1", _old.Certificate), null);
        var key = EnrollmentKey.Individual(Samples.Id("dev-01"));
        Assert.Equal(DeleteOutcome.ETagMismatch, await stores.Enrollments.DeleteAsync(key, "0", "op", Stop));
        Assert.Equal(DeleteOutcome.Deleted, await stores.Enrollments.DeleteAsync(key, "1", "op", Stop));
        Assert.Equal(DeleteOutcome.NotFound, await stores.Enrollments.DeleteAsync(key, null, "op", Stop));
        Assert.IsType<EnrollmentWrite.Saved>(await SaveAsync(Samples.Individual("dev-02", "1", _old.Certificate), null));
    }

    [Fact]
    public async Task Keys_come_back_and_stand_in_no_audit_row()
    {
        var saved = Samples.WithKeys(EnrollmentKey.Individual(Samples.Id("Dev-01")), "1");
        var rolled = saved with { ETag = "2", Mechanism = new AttestationMechanism.SymmetricKeys(new(SymmetricKey.Mint(), SymmetricKey.Mint())) };
        await SaveAsync(saved, null);
        Assert.Equal(saved.Mechanism, (await stores.Enrollments.FindAsync(saved.Key, Stop))!.Mechanism);
        await SaveAsync(rolled, "1");
        Assert.Equal(rolled.Mechanism, (await stores.Enrollments.FindAsync(saved.Key, Stop))!.Mechanism);

        var keys = new[] { saved, rolled }.Select(Samples.KeysOf).SelectMany(slots => new[] { slots.Primary, slots.Secondary });
        Assert.All(keys, key => Assert.DoesNotContain(stores.AuditDetails(), row => row.Contains(key.ToBase64(), StringComparison.Ordinal)));
        Assert.NotEmpty(stores.AuditDetails());
    }

    [Fact]
    public async Task Certificates_and_keys_take_the_place_of_each_other()
    {
        var keys = Samples.WithKeys(EnrollmentKey.Individual(Samples.Id("dev-01")), "2");
        await SaveAsync(Samples.Individual("dev-01", "1", _old.Certificate), null);
        await SaveAsync(keys, "1");
        Assert.Equal(keys.Mechanism, (await stores.Enrollments.FindAsync(keys.Key, Stop))!.Mechanism);
        Assert.IsType<EnrollmentWrite.Saved>(await SaveAsync(Samples.Individual("dev-02", "1", _old.Certificate), null));
        await SaveAsync(Samples.Individual("dev-01", "3", _new.Certificate), "2");
        Assert.IsType<AttestationMechanism.Leaves>((await stores.Enrollments.FindAsync(keys.Key, Stop))!.Mechanism);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_public_keys_of_a_tpm_come_back(bool hasStorageRootKey)
    {
        var saved = Samples.WithTpm("dev-01", "1", hasStorageRootKey);
        await SaveAsync(saved, null);
        Assert.Equal(saved.Mechanism, (await stores.Enrollments.FindAsync(saved.Key, Stop))!.Mechanism);
    }

    [Fact]
    public async Task Candidates_for_a_token_are_the_individual_alone_or_the_groups_with_keys()
    {
        using var root = TestAuthority.CreateRoot();
        await SaveAsync(Samples.WithKeys(Samples.Group("b"), "1"), null);
        await SaveAsync(Samples.WithKeys(Samples.Group("c"), "1") with { IsEnabled = false, Created = Samples.At.AddDays(-2) }, null);
        await SaveAsync(Samples.WithKeys(Samples.Group("a"), "1") with { Created = Samples.At.AddDays(-1) }, null);
        await SaveAsync(Samples.GroupOf("x", "1", root.Certificate), null);
        Assert.Equal(["c", "a", "b"], (await CandidatesAsync("dev-01")).Groups.Select(group => group.Key.Id));

        await SaveAsync(Samples.Individual("Dev-01", "1", _old.Certificate), null);
        var alone = await CandidatesAsync("dev-01");
        Assert.Equal(("Dev-01", 0), (alone.Individual!.Key.Id, alone.Groups.Count));
    }

    [Fact]
    public async Task Groups_with_keys_are_no_more_than_are_tried_for_a_device()
    {
        for (var i = 0; i < EnrollmentCandidates.MaxKeyGroups; i++)
        {
            Assert.IsType<EnrollmentWrite.Saved>(await SaveAsync(Samples.WithKeys(Samples.Group($"g{i}"), "1"), null));
        }

        var another = Samples.WithKeys(Samples.Group("another"), "1");
        Assert.IsType<EnrollmentWrite.TooManyKeyGroups>(await SaveAsync(another, null));
        Assert.IsType<EnrollmentWrite.Saved>(await SaveAsync(another with { IsEnabled = false }, null));
        Assert.IsType<EnrollmentWrite.Saved>(await SaveAsync(Samples.WithKeys(Samples.Group("g0"), "2"), "1"));
        Assert.Equal(EnrollmentCandidates.MaxKeyGroups, (await CandidatesAsync("dev-01")).Groups.Count(group => group.IsEnabled));
    }

    [Fact]
    public async Task Pages_follow_one_another_and_the_last_says_so()
    {
        for (var i = 0; i < 5; i++)
        {
            await SaveAsync(Samples.Individual($"Dev-{i}", "1", TestAuthority.CreateSelfSignedLeaf($"dev-{i}").Certificate), null);
        }

        var seen = new List<string>();
        Page<Enrollment>? page = null;
        do
        {
            page = await stores.Enrollments.ListAsync(EnrollmentKind.Individual, new PageRequest(page?.Next, 2), Stop);
            seen.AddRange(page.Items.Select(item => item.Key.Id));
        }
        while (page.Next is not null);

        Assert.Equal(["Dev-0", "Dev-1", "Dev-2", "Dev-3", "Dev-4"], seen);
        Assert.Empty((await stores.Enrollments.ListAsync(EnrollmentKind.Group, new PageRequest(null, 2), Stop)).Items);
    }

    [Fact]
    public async Task Every_change_of_trust_leaves_an_audit_row()
    {
        await SaveAsync(Samples.Individual("dev-01", "1", _old.Certificate), null);
        await SaveAsync(Samples.Individual("dev-01", "2", _new.Certificate), "0");
        await stores.Enrollments.DeleteAsync(EnrollmentKey.Individual(Samples.Id("dev-01")), null, "boss", Stop);
        Assert.Equal(
            ["op enrollment.save individual enrollment 'dev-01'", "boss enrollment.delete individual enrollment 'dev-01'"], stores.Audit());
    }

    private Task<EnrollmentCandidates> CandidatesAsync(string id)
    {
        var token = new DeviceToken { Expires = Samples.At, IsForDevice = true, IsSignedBy = _ => false };
        return stores.Enrollments.FindCandidatesAsync(Samples.Id(id), new DeviceProof.ByToken(token), Stop);
    }

    private Task<EnrollmentWrite> SaveAsync(Enrollment enrollment, string? expected) =>
        stores.Enrollments.SaveAsync(enrollment, expected, "op", Stop);
}
