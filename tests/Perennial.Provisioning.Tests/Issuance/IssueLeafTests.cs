using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Issuance;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Issuance;

public sealed class IssueLeafTests
{
    private const string Policy = "operational";

    private readonly World _world = new();
    private readonly TestAuthority _factory = TestAuthority.CreateRoot("Factory");

    [Fact]
    public async Task A_member_of_a_group_is_issued_a_leaf_that_counts_beside_its_factory_leaf()
    {
        await _world.EnrollAsync(World.GroupOf("g", _factory.Certificate) with { CredentialPolicy = Policy });
        var factory = World.Chain(_factory.IssueLeaf("dev-01"));
        var issued = await RegisterAsync("dev-01", factory);
        Assert.True(issued.StandsAlone);
        var accepted = Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-01", ChainOf(issued)));
        Assert.Equal((World.Group("g"), issued.Thumbprint), (accepted.Enrollment.Key, accepted.Anchor.Thumbprint));
        Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-01", factory));
        var pushed = Assert.IsType<HubCredential.Leaf>(_world.Hubs[0].Credential("dev-01"));
        Assert.Equal((factory.Leaf.Thumbprint, issued.Thumbprint), (pushed.Certificate.Thumbprint, pushed.Next?.Thumbprint));
    }

    [Fact]
    public async Task The_first_use_of_a_leaf_retires_the_ones_before_it_and_no_other_device()
    {
        await _world.EnrollAsync(World.GroupOf("g", _factory.Certificate) with { CredentialPolicy = Policy });
        var first = await RegisterAsync("dev-01", World.Chain(_factory.IssueLeaf("dev-01")));
        var other = await RegisterAsync("dev-02", World.Chain(_factory.IssueLeaf("dev-02")));
        var second = await RegisterAsync("dev-01", ChainOf(first));
        Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-01", ChainOf(first)));
        _world.Leaves.NoteUse(second.Thumbprint, _world.Time.GetUtcNow());
        Assert.Equal(AttestationRefusals.LeafRetired, await RefusalAsync("dev-01", ChainOf(first)));
        Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-01", ChainOf(second)));
        Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-02", ChainOf(other)));
    }

    [Fact]
    public async Task The_same_request_again_is_answered_with_the_same_leaf_and_operation()
    {
        await _world.EnrollAsync(World.GroupOf("g", _factory.Certificate) with { CredentialPolicy = Policy });
        var (factory, request) = (World.Chain(_factory.IssueLeaf("dev-01")), TestSigningRequest.Make("dev-01"));
        var first = Assert.IsType<RegistrationOutcome.Assigned>(await _world.RegisterAsync("dev-01", factory, request: request));
        var again = Assert.IsType<RegistrationOutcome.Assigned>(await _world.RegisterAsync("dev-01", factory, request: request));
        Assert.Equal((first.Issued!.Thumbprint, first.Registration.OperationId), (again.Issued?.Thumbprint, again.Registration.OperationId));
        Assert.Equal(1, _world.Authority.Issued);
        var polled = Assert.IsType<OperationOutcome.Found>(await _world.PollAsync("dev-01", factory, first.Registration.OperationId));
        Assert.Equal(first.Issued.Thumbprint, polled.Issued?.Thumbprint);

        _world.Time.Advance(IssueLeaf.RepeatWindow);
        var later = Assert.IsType<RegistrationOutcome.Assigned>(await _world.RegisterAsync("dev-01", factory, request: request));
        Assert.NotEqual(first.Issued.Thumbprint, later.Issued?.Thumbprint);
    }

    [Fact]
    public async Task An_individual_enrollment_gets_the_leaf_into_its_free_slot_and_keeps_the_used_one()
    {
        var own = TestAuthority.CreateSelfSignedLeaf("dev-01");
        await _world.EnrollAsync(World.Individual("dev-01", own.Certificate) with { CredentialPolicy = Policy });
        var first = await RegisterAsync("dev-01", World.Chain(own));
        Assert.Equal((own.Certificate.Thumbprint, first.Thumbprint), await SlotsAsync("dev-01"));

        // The reply was lost, and the device asks with a new key: what it never used makes room, what it uses stays.
        var second = await RegisterAsync("dev-01", World.Chain(own));
        Assert.Equal((own.Certificate.Thumbprint, second.Thumbprint), await SlotsAsync("dev-01"));
        Assert.Equal(own.Certificate.Thumbprint, second.PlacedBeside);
    }

    [Fact]
    public async Task A_certificate_that_the_operator_staged_is_not_taken_out_for_the_device()
    {
        var (own, staged) = (TestAuthority.CreateSelfSignedLeaf("dev-01"), TestAuthority.CreateSelfSignedLeaf("dev-01"));
        await _world.EnrollAsync(World.Individual("dev-01", own.Certificate, staged.Certificate) with { CredentialPolicy = Policy });
        Assert.Equal(LeafRefusals.NoFreeSlot, await NotIssuedAsync("dev-01", World.Chain(own), TestSigningRequest.Make("dev-01")));
        Assert.Equal((own.Certificate.Thumbprint, staged.Certificate.Thumbprint), await SlotsAsync("dev-01"));
    }

    [Fact]
    public async Task A_certificate_of_the_device_is_placed_once_and_the_one_in_use_not_at_all()
    {
        var (own, next) = (TestAuthority.CreateSelfSignedLeaf("dev-01"), TestAuthority.CreateSelfSignedLeaf("dev-01"));
        await _world.EnrollAsync(World.Individual("dev-01", own.Certificate) with { CredentialPolicy = Policy });
        Assert.Equal(LeafRefusals.SameCertificate, Assert.IsType<LeafOutcome.Refused>(await PlaceAsync(own, own)).Refusal.Reason);
        for (var again = 0; again < 2; again++)
        {
            Assert.IsType<LeafOutcome.Issued>(await PlaceAsync(own, next));
            Assert.Equal((own.Certificate.Thumbprint, next.Certificate.Thumbprint), await SlotsAsync("dev-01"));
        }
    }

    private async Task<LeafOutcome> PlaceAsync(TestCertificate used, TestCertificate brought)
    {
        var verdict = Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-01", World.Chain(used)));
        var issue = new IssueLeaf(_world.Authority, _world.Leaves, _world.Enrollments, _world.Linked, _world.Attestation, _world.Drains, _world.Time);
        return await issue.PlaceAsync(
            verdict, World.Id("dev-01"), brought.Certificate, TestSigningRequest.Make("dev-01", brought.Key), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_not_issued_is_told_with_its_reason_and_assigns_nothing()
    {
        var own = TestAuthority.CreateSelfSignedLeaf("dev-01");
        await _world.EnrollAsync(World.Individual("dev-01", own.Certificate));
        Assert.Equal(LeafRefusals.NoPolicy, await NotIssuedAsync("dev-01", World.Chain(own), TestSigningRequest.Make("dev-01")));
        await _world.EnrollAsync(World.Individual("dev-01", own.Certificate) with { CredentialPolicy = Policy });
        Assert.Equal(LeafRefusals.OtherName, await NotIssuedAsync("dev-01", World.Chain(own), TestSigningRequest.Make("dev-02")));
        _world.Authority.Terms = new CertificateTerms(AllowsSelfRoll: false, TimeSpan.Zero);
        Assert.Equal(LeafRefusals.SelfRollNotAllowed, await NotIssuedAsync("dev-01", World.Chain(own), TestSigningRequest.Make("dev-01")));
        Assert.Equal(0, _world.Authority.Issued);
        Assert.Null(_world.Hubs[0].Credential("dev-01"));
    }

    [Fact]
    public async Task An_authority_that_cannot_sign_lets_the_device_ask_again()
    {
        await _world.EnrollAsync(World.GroupOf("g", _factory.Certificate) with { CredentialPolicy = Policy });
        _world.Authority.Instead = new CertificateAnswer.Later(new Refusal(LeafRefusals.KeyUnavailable, "locked"), TimeSpan.FromSeconds(15));
        var factory = World.Chain(_factory.IssueLeaf("dev-01"));
        var request = TestSigningRequest.Make("dev-01");
        var later = Assert.IsType<RegistrationOutcome.NotYetIssued>(await _world.RegisterAsync("dev-01", factory, request: request));
        Assert.Equal(TimeSpan.FromSeconds(15), later.RetryAfter);
        _world.Authority.Instead = null;
        Assert.NotNull(Assert.IsType<RegistrationOutcome.Assigned>(await _world.RegisterAsync("dev-01", factory, request: request)).Issued);
    }

    [Fact]
    public async Task A_device_that_loses_every_leaf_is_slowed_down_and_comes_through_later()
    {
        await _world.EnrollAsync(World.GroupOf("g", _factory.Certificate) with { CredentialPolicy = Policy });
        var factory = World.Chain(_factory.IssueLeaf("dev-01"));
        for (var i = 0; i < IssueLeaf.MaxPerPeriod; i++)
        {
            await RegisterAsync("dev-01", factory);
        }

        var slowed = Assert.IsType<RegistrationOutcome.NotYetIssued>(
            await _world.RegisterAsync("dev-01", factory, request: TestSigningRequest.Make("dev-01")));
        Assert.Equal(LeafRefusals.TooMany, slowed.Refusal.Reason);
        _world.Time.Advance(slowed.RetryAfter);
        await RegisterAsync("dev-01", factory);
    }

    [Fact]
    public async Task A_disabled_enrollment_refuses_the_leaves_that_were_issued_under_it()
    {
        var draft = World.GroupOf("g", _factory.Certificate) with { CredentialPolicy = Policy };
        await _world.EnrollAsync(draft);
        var issued = await RegisterAsync("dev-01", World.Chain(_factory.IssueLeaf("dev-01")));
        await _world.EnrollAsync(draft with { IsEnabled = false });
        Assert.Equal(AttestationRefusals.EnrollmentDisabled, await RefusalAsync("dev-01", ChainOf(issued)));
    }

    [Fact]
    public async Task An_individual_enrollment_made_since_decides_alone()
    {
        await _world.EnrollAsync(World.GroupOf("g", _factory.Certificate) with { CredentialPolicy = Policy });
        var issued = await RegisterAsync("dev-01", World.Chain(_factory.IssueLeaf("dev-01")));
        await _world.EnrollAsync(World.Individual("dev-01", TestAuthority.CreateSelfSignedLeaf("dev-01").Certificate));
        Assert.Equal(AttestationRefusals.LeafNotEnrolled, await RefusalAsync("dev-01", ChainOf(issued)));
    }

    [Fact]
    public async Task A_leaf_below_a_certificate_of_the_group_goes_with_that_certificate()
    {
        var draft = World.GroupOf("g", _factory.Certificate, _world.Authority.Root.Certificate) with { CredentialPolicy = Policy };
        await _world.EnrollAsync(draft);
        var issued = await RegisterAsync("dev-01", World.Chain(_factory.IssueLeaf("dev-01")));
        Assert.False(issued.StandsAlone);
        Assert.IsType<AttestationVerdict.Accepted>(await _world.AttestAsync("dev-01", ChainOf(issued)));
        await _world.EnrollAsync(World.GroupOf("g", _factory.Certificate) with { CredentialPolicy = Policy });
        Assert.IsType<AttestationVerdict.Refused>(await _world.AttestAsync("dev-01", ChainOf(issued)));
    }

    [Fact]
    public async Task An_expired_leaf_obtains_the_next_one_within_the_days_that_the_profile_allows_and_nothing_else()
    {
        await _world.EnrollAsync(World.GroupOf("g", _factory.Certificate) with { CredentialPolicy = Policy });
        var factory = World.Chain(_factory.IssueLeaf("dev-01", new TestCertificateOptions { NotAfter = _world.Time.GetUtcNow().AddDays(1) }));
        var assigned = Assert.IsType<RegistrationOutcome.Assigned>(await _world.RegisterAsync("dev-01", factory)).Registration;
        _world.Time.Advance(TimeSpan.FromDays(8));
        var request = TestSigningRequest.Make("dev-01");
        Assert.IsType<RegistrationOutcome.Refused>(await _world.RegisterAsync("dev-01", factory, request: request));

        _world.Authority.Terms = new CertificateTerms(AllowsSelfRoll: false, TimeSpan.FromDays(7));
        Assert.IsType<RegistrationOutcome.Refused>(await _world.RegisterAsync("dev-01", factory));
        var rolled = Assert.IsType<RegistrationOutcome.Assigned>(await _world.RegisterAsync("dev-01", factory, request: request));
        Assert.Equal(assigned, rolled.Registration);
        Assert.IsType<RegistrationOutcome.Assigned>(await _world.RegisterAsync("dev-01", ChainOf(rolled.Issued!)));

        _world.Time.Advance(TimeSpan.FromDays(1));
        Assert.IsType<RegistrationOutcome.Refused>(await _world.RegisterAsync("dev-01", factory, request: TestSigningRequest.Make("dev-01")));
    }

    [Fact]
    public async Task A_blocked_device_and_one_that_never_registered_obtain_nothing_by_an_expired_leaf()
    {
        var draft = World.GroupOf("g", _factory.Certificate) with { CredentialPolicy = Policy };
        await _world.EnrollAsync(draft);
        _world.Authority.Terms = new CertificateTerms(AllowsSelfRoll: false, TimeSpan.FromDays(7));
        var options = new TestCertificateOptions { NotAfter = _world.Time.GetUtcNow().AddDays(1) };
        var (seen, unseen) = (World.Chain(_factory.IssueLeaf("dev-01", options)), World.Chain(_factory.IssueLeaf("dev-02", options)));
        Assert.IsType<RegistrationOutcome.Assigned>(await _world.RegisterAsync("dev-01", seen));
        _world.Time.Advance(TimeSpan.FromDays(2));
        Assert.IsType<RegistrationOutcome.Refused>(await _world.RegisterAsync("dev-02", unseen, request: TestSigningRequest.Make("dev-02")));
        await _world.EnrollAsync(draft with { IsEnabled = false });
        Assert.IsType<RegistrationOutcome.Refused>(await _world.RegisterAsync("dev-01", seen, request: TestSigningRequest.Make("dev-01")));
        Assert.Equal(0, _world.Authority.Issued);
    }

    private static CertificateChain ChainOf(IssuedLeaf leaf) =>
        CertificateChain.TryCreate(leaf.Leaf, [.. leaf.Chain.Skip(1)], out var chain, out var refusal) ? chain : throw new InvalidOperationException(refusal.Detail);

    private async Task<IssuedLeaf> RegisterAsync(string id, CertificateChain chain)
    {
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        var outcome = await _world.RegisterAsync(id, chain, request: TestSigningRequest.Make(id));
        return Assert.IsType<RegistrationOutcome.Assigned>(outcome).Issued!;
    }

    private async Task<RefusalReason> RefusalAsync(string id, CertificateChain chain) =>
        Assert.IsType<AttestationVerdict.Refused>(await _world.AttestAsync(id, chain)).Refusal.Reason;

    private async Task<RefusalReason> NotIssuedAsync(string id, CertificateChain chain, CertificateSigningRequest request) =>
        Assert.IsType<RegistrationOutcome.NotIssued>(await _world.RegisterAsync(id, chain, request: request)).Refusal.Reason;

    private async Task<(Thumbprint? Primary, Thumbprint? Secondary)> SlotsAsync(string id)
    {
        var enrollment = await _world.Enrollments.FindAsync(World.Device(id), TestContext.Current.CancellationToken);
        var slots = Assert.IsType<AttestationMechanism.Leaves>(enrollment?.Mechanism).Slots;
        return (slots.Primary?.Thumbprint, slots.Secondary?.Thumbprint);
    }
}
