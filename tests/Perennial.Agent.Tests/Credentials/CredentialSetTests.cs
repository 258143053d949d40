using CsCheck;
using Perennial.Agent.Credentials;
using Perennial.Agent.Keys;

namespace Perennial.Agent.Tests.Credentials;

/// <summary>
/// The promise of design §1, on the device: at no step, and after no crash, is there a hub that accepts some credential of the device which the device
/// does not have any more. A device is walked at random through its steps beside a hub that is as strict as the rules allow.
/// </summary>
public sealed class CredentialSetTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void No_walk_leaves_a_device_without_a_credential_that_works() =>
        Gen.Int[0, WalkingDevice.Moves - 1].Array[1, 120].Sample(
            moves =>
            {
                var device = new WalkingDevice();
                foreach (var move in moves)
                {
                    device.Move(move);
                    device.AssertWorks();
                }
            },
            iter: 20_000,
            print: moves => string.Join(' ', moves));

    [Fact]
    public void A_walk_that_drops_the_candidate_in_its_test_is_found()
    {
        // Shows that the walk above can fail: the hub has retired the one before, the device drops the new one without asking.
        var device = new WalkingDevice();
        device.Provision();
        device.RollUntilHubAccepts();
        device.DropCandidateUnasked();
        Assert.ThrowsAny<Exception>(device.AssertWorks);
    }

    [Fact]
    public void The_candidate_in_its_test_is_tried_first()
    {
        var set = CredentialSet.Empty with { Current = Of(KeySlot.A, 'A'), Previous = null };
        set = set.Begin("r", mayDropPrevious: false).KeyMade().Issue(Of(KeySlot.B, 'B'));
        Assert.Equal("AB", Order(set));
        set = set.Test(Now.AddMinutes(10));
        Assert.Equal("BA", Order(set));
        Assert.Equal("BA", Order(set.Promote()));
    }

    [Fact]
    public void A_test_keeps_its_first_deadline()
    {
        var set = (CredentialSet.Empty with { Current = Of(KeySlot.A, 'A') }).Begin("r", false).KeyMade().Issue(Of(KeySlot.B, 'B'));
        Assert.Equal(Now.AddMinutes(1), set.Test(Now.AddMinutes(1)).Test(Now.AddMinutes(9)).Candidate!.Deadline);
    }

    [Fact]
    public void Steps_out_of_order_are_refused()
    {
        var idle = CredentialSet.Empty with { Current = Of(KeySlot.A, 'A'), Previous = Of(KeySlot.B, 'B') };
        Assert.Throws<InvalidOperationException>(() => idle.Begin("r", mayDropPrevious: false));
        Assert.Throws<InvalidOperationException>(idle.Promote);
        Assert.Throws<InvalidOperationException>(() => idle.Test(Now));
        Assert.Throws<InvalidOperationException>(() => idle.GiveUp(true, true));
        var begun = idle.Begin("r", mayDropPrevious: true);
        Assert.Throws<InvalidOperationException>(() => begun.Begin("r", true));
        Assert.Throws<InvalidOperationException>(() => begun.Issue(Of(KeySlot.B, 'C')));
        var issued = begun.KeyMade().Issue(Of(KeySlot.B, 'C'));
        Assert.Throws<InvalidOperationException>(issued.Promote);
        Assert.Throws<InvalidOperationException>(() => issued.GiveUp(isRefused: true, isCurrentAccepted: false));
        Assert.Throws<InvalidOperationException>(() => issued.Test(Now).GiveUp(isRefused: false, isCurrentAccepted: true));
        Assert.Null(issued.Test(Now).GiveUp(isRefused: true, isCurrentAccepted: true).Candidate);
    }

    [Fact]
    public void The_next_key_never_takes_the_place_of_the_current_one()
    {
        foreach (var slot in Enum.GetValues<KeySlot>())
        {
            var set = CredentialSet.Empty with { Current = Of(slot, 'A') };
            Assert.NotEqual(slot, set.Begin("r", false).Candidate!.Slot);
        }
    }

    private static string Order(CredentialSet set) => string.Concat(set.InOrder(Now).Select(credential => credential.Thumbprint[0]));

    private static OperationalCredential Of(KeySlot slot, char mark) => new()
    {
        Slot = slot,
        Thumbprint = new string(mark, 64),
        NotBefore = Now.AddDays(-1),
        NotAfter = Now.AddDays(30),
        Obtained = Now.AddDays(-1),
    };
}
