using CsCheck;
using Perennial.Hub.Registry;
using Perennial.Hub.Sessions;
using Perennial.Hub.Tests.Fakes;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Hub.Tests.Sessions;

/// <summary>Rolls in any order: stage a leaf in a slot, or empty one. At each step the hub must take just what stands in the slots.</summary>
public sealed class RollProperties
{
    private static readonly TestCertificate[] Leaves = [.. Enumerable.Range(0, 4).Select(_ => TestAuthority.CreateSelfSignedLeaf("dev"))];

    private static readonly Gen<(int Slot, int? Leaf)[]> Rolls =
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, Leaves.Length].Select(leaf => leaf == Leaves.Length ? (int?)null : leaf)).Array[1, 12];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_device_with_a_staged_or_current_certificate_is_always_accepted() => CheckAsync(async (world, slots) =>
    {
        world.Enrollments.Save("dev", slots[0], slots[1]);
        await world.Reconsider.EnrollmentAsync(MemoryEnrollments.Reference("DEV"), Stop);
    });

    [Fact]
    public Task The_same_holds_for_an_identity_made_by_hand() => CheckAsync(async (world, slots) =>
        await world.Save.RunAsync(
            new RequestedDevice
            {
                Id = World.Id("dev"),
                Credential = World.Thumbprints(slots[0]?.Thumbprint.ToString(), slots[1]?.Sha1Thumbprint),
            },
            null,
            "op",
            Stop));

    private static Task CheckAsync(Func<World, Certificate?[], Task> saveAsync) => Rolls.SampleAsync(async rolls =>
    {
        var world = new World();
        await world.AddFollowerAsync("dev", Leaves[0].Certificate);
        var slots = new Certificate?[] { Leaves[0].Certificate, null };
        var live = (Leaf: Leaves[0], Connection: await world.ConnectAsync("dev", World.With(Leaves[0])));
        foreach (var (slot, leaf) in rolls)
        {
            slots[slot] = leaf is { } index ? Leaves[index].Certificate : null;
            await saveAsync(world, slots);
            foreach (var candidate in Leaves)
            {
                Assert.Equal(Stands(candidate), await world.AskAsync("dev", World.With(candidate)) is DeviceVerdict.Accepted);
            }

            Assert.Equal(Stands(live.Leaf), live.Connection.Closed.IsEmpty);
            if (!Stands(live.Leaf) && Leaves.FirstOrDefault(Stands) is { } next)
            {
                live = (next, await world.ConnectAsync("dev", World.With(next)));
            }
            else if (!Stands(live.Leaf))
            {
                break;
            }
        }

        bool Stands(TestCertificate leaf) => slots.Any(slot => slot?.Thumbprint == leaf.Certificate.Thumbprint);
    });
}
