using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Provisioning.Tests.Enrollments;

public sealed class SaveEnrollmentTests
{
    private readonly World _world = new();
    private readonly TestCertificate _old = TestAuthority.CreateSelfSignedLeaf("dev-01");
    private readonly TestCertificate _new = TestAuthority.CreateSelfSignedLeaf("dev-01");

    [Fact]
    public async Task Creation_time_is_kept_and_the_etag_moves()
    {
        var first = await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate));
        var second = await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate, _new.Certificate));
        Assert.Equal(first.Created, second.Created);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.True(second.LastUpdated > first.LastUpdated);
    }

    [Fact]
    public async Task A_slot_that_only_describes_its_certificate_keeps_it()
    {
        await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate));
        var saved = await _world.EnrollAsync(Leaves(Keep(_old), World.Place(_new.Certificate)));
        Assert.Equal(_old.Certificate.Thumbprint, saved.Mechanism.AnchorOf(Slot.Primary));
    }

    [Fact]
    public async Task A_described_certificate_may_have_moved_to_the_other_slot()
    {
        await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate, _new.Certificate));
        var saved = await _world.EnrollAsync(Leaves(Keep(_new), World.Place(null)));
        Assert.Equal(_new.Certificate.Thumbprint, saved.Mechanism.AnchorOf(Slot.Primary));
        Assert.Null(saved.Mechanism.AnchorOf(Slot.Secondary));
    }

    [Fact]
    public async Task Every_linked_hub_hears_of_a_change_of_trust()
    {
        var saved = await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate));
        await _world.Delete.RunAsync(saved.Key, saved.ETag, "test", TestContext.Current.CancellationToken);
        Assert.Equal([saved.Key, saved.Key], _world.Hubs[0].TrustChanges);
    }

    [Fact]
    public async Task A_stale_etag_changes_nothing()
    {
        var first = await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate));
        await _world.EnrollAsync(World.Individual("dev-01", _old.Certificate, _new.Certificate));
        Assert.IsType<SaveOutcome.ETagMismatch>(await SaveAsync(World.Individual("dev-01", _old.Certificate), first.ETag));
    }

    [Fact]
    public async Task Keys_that_are_not_given_are_generated_once_and_kept()
    {
        var given = SymmetricKey.Mint();
        var first = World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Device("dev-01"))));
        Assert.Equal((64, 64), (first.Primary.Bytes.Length, first.Secondary.Bytes.Length));
        Assert.NotEqual(first.Primary, first.Secondary);
        Assert.Equal(first, World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Device("dev-01")))));
        var rolled = World.KeysOf(await _world.EnrollAsync(World.WithKeys(World.Device("dev-01"), primary: given)));
        Assert.Equal(new KeySlots(given, first.Secondary), rolled);
    }

    [Fact]
    public async Task Faults_name_the_object_and_the_remedy()
    {
        using var root = TestAuthority.CreateRoot("Factory Root");
        var draft = World.Individual("dev-01", _old.Certificate);
        await AssertInvalidAsync("would hold no certificate", World.Individual("dev-01", null));
        await AssertInvalidAsync("Both slots", World.Individual("dev-01", _old.Certificate, _old.Certificate));
        await AssertInvalidAsync("CA certificate where a device certificate belongs", World.Individual("dev-01", root.Certificate));
        await AssertInvalidAsync("is not a CA certificate", World.GroupOf("g", _old.Certificate));
        await AssertInvalidAsync("common name 'dev-01'", World.Individual("dev-02", _old.Certificate));
        await AssertInvalidAsync("without bringing it", Leaves(World.Place(_old.Certificate), Keep(_new)));
        await AssertInvalidAsync("not linked", draft with { HubHostNames = ["other.example"] });
        await AssertInvalidAsync("Name exactly one", draft with { AllocationPolicy = AllocationPolicy.Static });
        await AssertInvalidAsync("device id", draft with { DeviceId = "no spaces" });
    }

    private static EnrollmentDraft Leaves(SlotDraft primary, SlotDraft secondary) =>
        World.Individual("dev-01", null) with { Mechanism = new MechanismDraft.X509(HoldsSigners: false, primary, secondary) };

    private static SlotDraft Keep(TestCertificate certificate) => new SlotDraft.Keep(certificate.Certificate.Thumbprint);

    private async Task AssertInvalidAsync(string expected, EnrollmentDraft draft) =>
        Assert.Contains(expected, Assert.IsType<SaveOutcome.Invalid>(await SaveAsync(draft, etag: null)).Sentence, StringComparison.Ordinal);

    private Task<SaveOutcome> SaveAsync(EnrollmentDraft draft, string? etag) =>
        _world.Save.RunAsync(draft, etag, "test", TestContext.Current.CancellationToken);
}
