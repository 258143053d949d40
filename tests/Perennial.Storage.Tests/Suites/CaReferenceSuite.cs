using Perennial.Provisioning;
using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every database does with groups that refer to CA certificates by name.</summary>
public abstract class CaReferenceSuite(Stores stores) : IAsyncDisposable
{
    private readonly TestAuthority _old = TestAuthority.CreateRoot("Old root");
    private readonly TestAuthority _new = TestAuthority.CreateRoot("New root");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _old.Dispose();
        _new.Dispose();
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task References_come_back_as_they_were_spelled_with_what_stands_for_them_now()
    {
        await PlaceAsync("Root-A", _old.Certificate);
        Assert.IsType<EnrollmentWrite.Saved>(await SaveAsync("g", "1", null, "root-A", "later"));
        Assert.Equal(References(new("root-A", _old.Certificate, IsVerified: true), new("later", null, IsVerified: false)), await MechanismAsync("g"));

        await PlaceAsync("LATER", _new.Certificate, isVerified: false);
        await DropAsync("root-a");
        Assert.Equal(References(new("root-A", null, IsVerified: false), new("later", _new.Certificate, IsVerified: false)), await MechanismAsync("g"));
        Assert.Equal(await MechanismAsync("g"), Assert.Single((await stores.Enrollments.ListAsync(EnrollmentKind.Group, new PageRequest(null, 5), Stop)).Items).Mechanism);
        Assert.Equal(
            [new CaReference("later", _new.Certificate, IsVerified: false), new CaReference("none", null, IsVerified: false)],
            await stores.Enrollments.FindReferencesAsync(["later", "none"], Stop));
    }

    [Fact]
    public async Task A_group_is_a_candidate_by_the_subject_of_a_verified_certificate_only()
    {
        await SaveAsync("g", "1", null, "old", "new");
        Assert.Empty(await CandidatesAsync(_old));
        await PlaceAsync("old", _old.Certificate, isVerified: false);
        await PlaceAsync("new", _new.Certificate);
        Assert.Empty(await CandidatesAsync(_old));
        Assert.Equal(["g"], await CandidatesAsync(_new));

        await PlaceAsync("old", _old.Certificate);
        await DropAsync("new");
        Assert.Equal(["g"], await CandidatesAsync(_old));
        Assert.Empty(await CandidatesAsync(_new));
    }

    [Fact]
    public async Task The_groups_that_refer_to_a_name_are_found_also_when_nothing_stands_there()
    {
        await SaveAsync("G", "1", null, "old");
        Assert.Equal([Samples.Group("G")], await stores.CaCertificates.FindReferencesAsync("OLD", Stop));
        Assert.Empty(await stores.CaCertificates.FindReferencesAsync("new", Stop));
        await SaveAsync("G", "2", "1", "new");
        Assert.Empty(await stores.CaCertificates.FindReferencesAsync("old", Stop));
        await stores.Enrollments.DeleteAsync(Samples.Group("G"), null, "op", Stop);
        Assert.Empty(await stores.CaCertificates.FindReferencesAsync("new", Stop));
    }

    [Fact]
    public async Task A_name_stands_in_one_group_only_and_may_change_its_slot()
    {
        await SaveAsync("g", "1", null, "old", "new");
        Assert.IsType<EnrollmentWrite.Saved>(await SaveAsync("g", "2", "1", "new", "old"));
        var taken = Assert.IsType<EnrollmentWrite.CertificateTaken>(await SaveAsync("h", "1", null, "NEW"));
        Assert.Equal(("CA certificate 'NEW'", "g", Slot.Primary), (taken.Certificate, taken.Holder.Id, taken.Slot));
    }

    [Fact]
    public async Task A_certificate_stands_in_one_enrollment_only_whether_itself_or_by_its_name()
    {
        await PlaceAsync("old", _old.Certificate);
        await PlaceAsync("again", _old.Certificate);
        await PlaceAsync("new", _new.Certificate);
        await SaveAsync("by-name", "1", null, "old");
        await SaveAsync(Samples.GroupOf("itself", "1", _new.Certificate), null);

        var itself = Assert.IsType<EnrollmentWrite.CertificateTaken>(await SaveAsync(Samples.GroupOf("h", "1", _old.Certificate), null));
        Assert.Equal(("by-name", Slot.Primary), (itself.Holder.Id, itself.Slot));
        var again = Assert.IsType<EnrollmentWrite.CertificateTaken>(
            await SaveAsync(Samples.GroupOf("h", "1", _old.Certificate) with { Mechanism = References(new("again", _old.Certificate, IsVerified: true), null) }, null));
        Assert.Equal("by-name", again.Holder.Id);
        var byName = Assert.IsType<EnrollmentWrite.CertificateTaken>(
            await SaveAsync(Samples.GroupOf("h", "1", _old.Certificate) with { Mechanism = References(null, new("new", _new.Certificate, IsVerified: true)) }, null));
        Assert.Equal("itself", byName.Holder.Id);
    }

    [Fact]
    public async Task References_and_certificates_take_the_place_of_each_other()
    {
        await SaveAsync("g", "1", null, "old");
        await SaveAsync(Samples.GroupOf("g", "2", _old.Certificate), "1");
        Assert.IsType<AttestationMechanism.Signers>(await MechanismAsync("g"));
        Assert.IsType<EnrollmentWrite.Saved>(await SaveAsync("h", "1", null, "old"));
        await SaveAsync("g", "3", "2", "new");
        Assert.IsType<AttestationMechanism.CaReferences>(await MechanismAsync("g"));
        Assert.Empty(await CandidatesAsync(_old));
    }

    [Fact]
    public async Task The_audit_row_of_a_save_tells_the_names()
    {
        await SaveAsync("g", "1", null, "old", "new");
        Assert.Contains(
            stores.AuditDetails(),
            row => row.Contains("\"primaryReference\":\"old\"", StringComparison.Ordinal) && row.Contains("\"secondaryReference\":\"new\"", StringComparison.Ordinal));
    }

    private static AttestationMechanism.CaReferences References(CaReference? primary, CaReference? secondary) => new(primary, secondary);

    private static CaReference? Unresolved(string? name) => name is null ? null : new CaReference(name, null, IsVerified: false);

    private async Task<AttestationMechanism> MechanismAsync(string group) => (await stores.Enrollments.FindAsync(Samples.Group(group), Stop))!.Mechanism;

    private async Task<IEnumerable<string>> CandidatesAsync(TestAuthority authority)
    {
        var proof = new DeviceProof.ByCertificate(Samples.Chain(authority.IssueLeaf("dev-01")));
        return (await stores.Enrollments.FindCandidatesAsync(Samples.Id("dev-01"), proof, Stop)).Groups.Select(group => group.Key.Id);
    }

    private async Task PlaceAsync(string name, Certificate certificate, bool isVerified = true)
    {
        var stored = await stores.CaCertificates.FindAsync(name, Stop);
        var next = new CaCertificate
        {
            Name = name,
            Certificate = certificate,
            IsVerified = isVerified,
            ETag = Guid.NewGuid().ToString(),
            Created = Samples.At,
            LastUpdated = Samples.At,
        };
        Assert.True(await stores.CaCertificates.TrySaveAsync(next, stored?.ETag, "save", "op", Stop));
    }

    private async Task DropAsync(string name) =>
        Assert.Equal(DeleteOutcome.Deleted, await stores.CaCertificates.DeleteAsync(name, null, "op", Stop));

    private Task<EnrollmentWrite> SaveAsync(string group, string etag, string? expected, string? primary, string? secondary = null) =>
        SaveAsync(Samples.GroupOf(group, etag, _old.Certificate) with { Mechanism = References(Unresolved(primary), Unresolved(secondary)) }, expected);

    private Task<EnrollmentWrite> SaveAsync(Enrollment enrollment, string? expected) => stores.Enrollments.SaveAsync(enrollment, expected, "op", Stop);
}
