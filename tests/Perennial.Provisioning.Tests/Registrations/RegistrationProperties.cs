using CsCheck;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Provisioning.Tests.Registrations;

public sealed class RegistrationProperties
{
    private static readonly TestAuthority Root = TestAuthority.CreateRoot();

    private static readonly TestCertificate[] Leaves = [.. Enumerable.Range(0, 3).Select(_ => Root.IssueLeaf("dev-01"))];

    /// <summary>Any number of requests at once, with any of three leaves and two spellings of the id, while the enrollment is saved again.</summary>
    [Fact]
    public async Task One_record_and_one_device_per_registration_id_under_any_interleaving()
    {
        var requests = Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Int[0, 5]).Array[2, 12];
        await requests.SampleAsync(
            async plan =>
            {
                var world = new World(new MemoryHub("a.example"), new MemoryHub("b.example"));
                await world.EnrollAsync(World.GroupOf("g", Root.Certificate));
                var outcomes = await Task.WhenAll(plan.Append((0, false, 1)).Select(step => Task.Run(() => RunAsync(world, step))));

                Assert.All(outcomes.OfType<RegistrationOutcome>(), outcome => Assert.IsType<RegistrationOutcome.Assigned>(outcome));
                var record = Assert.Single(world.Registrations.All);
                Assert.Single(world.Hubs.SelectMany(hub => hub.Devices));
                Assert.All(world.Registrations.Commits, commit => Assert.Equal(record.Created, commit.Created));
                var holder = world.Hubs.Single(hub => hub.Devices.Count == 1);
                Assert.Equal((record.AssignedHub, record.Credential.Thumbprint), (holder.HostName, holder.Devices[record.DeviceId!].Leaf));
            },
            iter: 200,
            threads: 1);
    }

    /// <summary>
    /// The operator stages, and retires only what the device has proven it no longer needs; the device switches when it likes. At every
    /// instant what it holds, old or new, is accepted.
    /// </summary>
    [Fact]
    public void A_device_that_holds_a_staged_or_current_certificate_is_always_accepted() =>
        Gen.Int[0, 3].Array[1, 40].Sample(
            steps =>
            {
                var world = new RollingDevice(Root, Leaves);
                foreach (var step in steps)
                {
                    world.Step(step);
                    Assert.All(world.Held, leaf => Assert.True(world.IsAccepted(leaf)));
                }
            },
            iter: 300);

    /// <summary>
    /// The operator puts a new key in the slot that the device does not use; the device switches to it when it likes. At every instant
    /// what it holds is accepted, in an individual enrollment and in a group.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_that_holds_a_staged_or_current_key_is_always_accepted(bool isGroup) =>
        await Gen.Bool.Array[1, 20].SampleAsync(
            async switches =>
            {
                var world = new World();
                var enrollment = isGroup ? World.Group("g") : World.Device("dev-01");
                var used = Slot.Primary;
                var held = World.KeysOf(await world.EnrollAsync(World.WithKeys(enrollment)));
                foreach (var isSwitch in switches)
                {
                    used = isSwitch ? Other(used) : used;
                    var staged = SymmetricKey.Mint();
                    held = World.KeysOf(await world.EnrollAsync(World.WithKeys(
                        enrollment, used == Slot.Primary ? null : staged, used == Slot.Primary ? staged : null)));
                    foreach (var slot in new[] { used, Other(used) })
                    {
                        var key = isGroup ? held[slot].Derive("dev-01") : held[slot];
                        var outcome = Assert.IsType<RegistrationOutcome.Assigned>(await world.RegisterAsync("dev-01", key));
                        Assert.Equal(held[slot].Fingerprint, outcome.Registration.Credential.Thumbprint);
                    }
                }
            },
            iter: 50,
            threads: 1);

    private static Slot Other(Slot slot) => slot == Slot.Primary ? Slot.Secondary : Slot.Primary;

    private static async Task<RegistrationOutcome?> RunAsync(World world, (int Leaf, bool Upper, int Kind) step)
    {
        if (step.Kind == 0)
        {
            var draft = World.GroupOf("g", Root.Certificate) with { HubHostNames = [step.Upper ? "a.example" : "b.example"] };
            await world.Save.RunAsync(draft, etag: null, "test", TestContext.Current.CancellationToken);
            return null;
        }

        RegistrationOutcome outcome;
        do
        {
            outcome = await world.RegisterAsync(step.Upper ? "DEV-01" : "dev-01", World.Chain(Leaves[step.Leaf]));
        }
        while (outcome is RegistrationOutcome.Busy);

        return outcome;
    }
}
