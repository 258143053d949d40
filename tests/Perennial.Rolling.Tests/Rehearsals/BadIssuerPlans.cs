using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Rolling.Tests.Rehearsals;

/// <summary>What operators do wrong when they roll an issuing authority.</summary>
internal static class BadIssuerPlans
{
    public static IReadOnlyList<BadIssuerPlan> All { get; } = [.. Authorities(), .. Leaves(), .. Devices()];

    private static DateTimeOffset Start => Planned.Start;

    private static PlannedIssuer Good => new();

    private static IEnumerable<BadIssuerPlan> Authorities()
    {
        yield return new("the group that trusts the old authority has no free slot", NoFreeSlot, FindingKind.NotStaged);
        yield return new("the new authority stands in another group", () => Good with { Saving = new EnrollmentWrite.CertificateTaken("certificate 'CN=Issuing 2'", Planned.Group, Slot.Primary) }, FindingKind.NotStaged);
        yield return new("the new authority was revoked", () => Good with { IssueFault = "The authority in the slot 'slot-2' is Revoked and cannot issue." }, FindingKind.NoIssuer);
        yield return new("the new authority ends before the old one", () => Good with { Next = PlannedIssuer.Authority("2", Planned.TwoYears with { NotAfter = Start.AddYears(1) }) }, FindingKind.NewEndsFirst);
        yield return new("after a breach the new authority has the old key", SameKey, FindingKind.SameKey);
        yield return new("the group is disabled", () => Good with { IsEnabled = false }, FindingKind.EnrollmentDisabled);
    }

    private static IEnumerable<BadIssuerPlan> Leaves()
    {
        yield return new("the profile issues leaves that are not for clients", () => Good with { Leaf = leaf => leaf with { Purposes = [ChainPolicyOptions.ServerAuthentication] } }, FindingKind.NewRefused);
        yield return new("the same, where leaves count by their record", () => Alone with { Leaf = leaf => leaf with { Purposes = [ChainPolicyOptions.ServerAuthentication] } }, FindingKind.NewRefused);
        yield return new("the profile names another issuer by now", () => Good with { Prospect = prospect => prospect with { IsNewTakenByOld = true } }, FindingKind.WrongAuthority);
        yield return new("the enrollment names no profile", () => Good with { NewLeaf = Good.NewLeaf with { IssuerFault = "The group names no certificate profile.", IssuerRemedy = "Name one." } }, FindingKind.NoIssuer);
        yield return new("the new authority ends before its leaves", () => Good with { NewLeaf = Good.NewLeaf with { IssuerEnd = Start.AddDays(80) } }, FindingKind.IssuerOutlived);
        yield return new("the new leaf ends before the old one", () => Good with { NewLeaf = Good.NewLeaf with { Validity = TimeSpan.FromDays(20) } }, FindingKind.NewEndsFirst);
        yield return new("the chain is too long for a device of 4 KB", TooLong, FindingKind.ChainTooLong);
        yield return new("clocks lie behind the beginning of the new leaf", () => Good with { Each = (i, device) => i % 5 == 0 ? device with { ClockError = -TimeSpan.FromHours(2) } : device }, FindingKind.ClockBehind);
    }

    private static IEnumerable<BadIssuerPlan> Devices()
    {
        yield return new("the window is shorter than devices sleep", () => Good with
        {
            Plan = Good.Plan with { OfferWindow = TimeSpan.FromHours(4), ContactWithin = TimeSpan.FromDays(4) },
            Each = (i, device) => device with { Rhythm = Rhythm.Every(TimeSpan.FromDays(3)), Seen = Start.AddHours(-(i % 70)) },
        }, FindingKind.WindowTooShort);
        yield return new("the authority issues fewer certificates in a minute", () => Good with
        {
            Plan = Good.Plan with { WaveSize = 197, RatePerMinute = 6000, OfferWindow = TimeSpan.FromMinutes(1) },
            Each = (_, device) => device with { IsConnected = true },
            Capacities = new Capacities { Issuances = 20 },
        }, FindingKind.IssuanceRateExceeded);
        yield return new("leaves end before their turn", () => Good with { Each = (i, device) => i >= 150 ? device with { LeafEnd = Start.AddHours(4), HoldsUntil = Start.AddHours(4) } : device }, FindingKind.TooLate);
        yield return new("the hub knows the old leaf and devices do not register again", () => Good with { Each = (_, device) => device with { FollowsEnrollment = false, RegistersAgain = false } }, FindingKind.HubKnowsOldLeaf);
        yield return new("no wave can reach the limit of refusals", () => Good with { Plan = Good.Plan with { Refusals = new HaltLimit(0.02, 100) } }, FindingKind.LimitUnreachable);
        yield return new("a waived device would lose access with the old authority", () => Good with { Each = (i, device) => i == 199 ? device with { IsWaived = true } : device }, FindingKind.TooLate);
        yield return new("devices are refused already", () => Good with { Each = (i, device) => i > 195 ? device with { IsGone = true, Prospect = device.Prospect! with { IsRefusedNow = true } } : device }, FindingKind.Stragglers, FindingSeverity.Warns);
        yield return new("devices were never seen", () => Good with { Each = (i, device) => i % 50 == 49 ? device with { Prospect = null, Seen = null, IsGone = true } : device }, FindingKind.UnknownDevices, FindingSeverity.Warns);
    }

    private static PlannedIssuer Alone => Good with { StandsAlone = true, Trusts = new CertificateSlots(TestAuthority.CreateRoot("Factory", Planned.TwoYears).Certificate, null) };

    private static PlannedIssuer NoFreeSlot()
    {
        var made = Good;
        return made with { Trusts = new CertificateSlots(made.Old[0].Certificate, TestAuthority.CreateRoot("Factory", Planned.TwoYears).Certificate) };
    }

    private static PlannedIssuer SameKey()
    {
        var (made, root) = (Good, TestAuthority.CreateRoot("Root 2", Planned.TwoYears with { NotAfter = Start.AddYears(9) }));
        var next = root.CreateIntermediate("Issuing 2", Planned.TwoYears with { Key = made.Old[0].Own.Key, NotAfter = Start.AddYears(9) });
        return made with { Reason = RollReason.Breach, Next = [next, root] };
    }

    private static PlannedIssuer TooLong()
    {
        var options = Planned.TwoYears with { Key = TestKey.Rsa(4096), NotAfter = Start.AddYears(9) };
        var root = TestAuthority.CreateRoot("The root of everything that the factory in the harbour makes", options);
        var region = root.CreateIntermediate("The authority of the region in which the factory stands", options with { Key = TestKey.Rsa(4096) });
        return Good with { Next = [region.CreateIntermediate("The authority that issues to the devices of the second line", options with { Key = TestKey.Rsa(4096) }), region, root], Leaf = leaf => leaf with { Key = TestKey.Rsa(4096) } };
    }
}
