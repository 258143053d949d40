using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.TestCertificates;

namespace Perennial.Rolling.Tests.Rehearsals;

/// <summary>What a rehearsal of an issuing authority's roll finds: the same mistakes as of other rolls, and those of its own.</summary>
public sealed class RehearseIssuerTests
{
    public static TheoryData<string> Mistakes => [.. BadIssuerPlans.All.Select(plan => plan.Name)];

    public static TheoryData<string> GoodPlans => [.. Good.Keys];

    private static IReadOnlyDictionary<string, Func<PlannedIssuer>> Good { get; } = new Dictionary<string, Func<PlannedIssuer>>
    {
        ["the group trusts the old authority"] = () => new PlannedIssuer(),
        ["the group trusts the old root, which another one follows"] = () =>
        {
            var made = new PlannedIssuer();
            return made with { Trusts = new CertificateSlots(made.Old[1].Certificate, null) };
        },
        ["the group trusts the root of both"] = SameRoot,
        ["leaves count by their record"] = () => new PlannedIssuer
        {
            StandsAlone = true,
            Trusts = new CertificateSlots(TestAuthority.CreateRoot("Factory", Planned.TwoYears).Certificate, null),
        },
        ["the new authority was staged by hand"] = () =>
        {
            var made = new PlannedIssuer();
            return made with { Trusts = new CertificateSlots(made.Old[0].Certificate, made.Next[0].Certificate) };
        },
        ["connected devices"] = () => new PlannedIssuer { Each = (_, device) => device with { IsConnected = true } },
        ["half the fleet has moved already"] = () => new PlannedIssuer { Each = (i, device) => device with { IsMoved = i % 2 == 0 } },
        ["one device"] = () => new PlannedIssuer { Devices = 1 },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task It_finds_that(string mistake)
    {
        var bad = BadIssuerPlans.All.Single(plan => plan.Name == mistake);
        var result = await bad.Plan().RehearseAsync();
        Assert.True(
            result.Findings.Any(finding => finding.Kind == bad.Finding && finding.Severity == bad.Severity),
            string.Join('\n', result.Findings.Select(finding => $"{finding.Kind} {finding.Severity}: {finding.Sentence}")));
        Assert.All(result.Findings, finding => Assert.False(string.IsNullOrWhiteSpace(finding.Sentence) || string.IsNullOrWhiteSpace(finding.Remedy)));
    }

    [Theory]
    [MemberData(nameof(GoodPlans))]
    public async Task A_good_plan_is_not_blocked(string name)
    {
        var result = await Good[name]().RehearseAsync();
        Assert.True(!result.Blocks && result.Completes, string.Join('\n', result.Findings.Select(finding => $"{finding.Kind} {finding.Severity}: {finding.Sentence}")));
        Assert.Empty(result.Lost);
        Assert.Equal(result.Devices, result.Moved);
    }

    [Fact]
    public async Task An_authority_without_devices_is_followed_by_the_next_at_once()
    {
        var result = await new PlannedIssuer { Devices = 0 }.RehearseAsync();
        Assert.False(result.Blocks);
        Assert.InRange(result.Finishes!.Value, Planned.Start, Planned.Start.AddMinutes(1));
    }

    [Fact]
    public async Task What_the_old_authority_signed_stays_good_for_a_waived_device_where_its_leaf_counts_by_its_record()
    {
        var plan = new PlannedIssuer
        {
            StandsAlone = true,
            Trusts = new CertificateSlots(TestAuthority.CreateRoot("Factory", Planned.TwoYears).Certificate, null),
            Each = (i, device) => i == 199 ? device with { IsWaived = true } : device,
        };
        var result = await plan.RehearseAsync();
        Assert.Equal((199, 0, true), (result.Moved, result.LostDevices, result.Completes));
        Assert.Contains(
            (await new PlannedIssuer { Each = plan.Each }.RehearseAsync()).Lost,
            lost => lost is { Device: "device-199", Reason: "the old certificate is retired, and the device was waived" });
    }

    [Fact]
    public async Task A_device_that_used_another_leaf_since_is_waited_for_until_its_last_leaf_of_the_old_authority_is_over()
    {
        var plan = new PlannedIssuer
        {
            Each = (i, device) => i == 199 ? device with { IsGone = true, LeafEnd = Planned.Start.AddDays(200), HoldsUntil = Planned.Start.AddDays(40), Seen = Planned.Start.AddDays(-90) } : device,
            Plan = new Planned().Plan with { LostContact = new HaltLimit(0.3, 3) },
        };
        var result = await plan.RehearseAsync();
        Assert.InRange(result.Finishes!.Value, Planned.Start.AddDays(40), Planned.Start.AddDays(41));
        Assert.Equal(
            "1 device seems to be gone, for instance 'device-199': the overlap is held open until its leaf ends on 2030-02-16.",
            Assert.Single(result.Findings, finding => finding.Kind == FindingKind.Stragglers).Sentence);
    }

    private static PlannedIssuer SameRoot()
    {
        var root = TestAuthority.CreateRoot("Root", Planned.TwoYears with { NotAfter = Planned.Start.AddYears(9) });
        var (old, next) = (root.CreateIntermediate("Issuing 1", Planned.TwoYears), root.CreateIntermediate("Issuing 2", Planned.TwoYears with { NotAfter = Planned.Start.AddYears(8) }));
        return new PlannedIssuer { Old = [old, root], Next = [next, root], Trusts = new CertificateSlots(root.Certificate, null) };
    }
}
