using CsCheck;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.TestCertificates;

namespace Perennial.Provisioning.Tests.Registrations;

/// <summary>Whatever answers when: a record never says more than a hub holds, and in the end the identity is on one hub with its twin.</summary>
public sealed class DistantHubProperties
{
    private static readonly TestCertificate Leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");

    [Fact]
    public async Task A_record_says_only_what_a_hub_holds_and_a_twin_is_never_lost() =>
        await Gen.Select(Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[0, 4]).Array[1, 8].SampleAsync(PlayAsync, iter: 200);

    private static async Task PlayAsync((int Hub, int FirstAnswers, int SecondAnswers)[] steps)
    {
        var hubs = new[] { new MemoryHub("near.example"), new MemoryHub("far-a.example", isRemote: true), new MemoryHub("far-b.example", isRemote: true) };
        var world = new World(hubs);
        var isGrown = false;
        foreach (var (hub, firstAnswers, secondAnswers) in steps)
        {
            await world.EnrollAsync(World.Individual("dev-01", Leaf.Certificate) with
            {
                AllocationPolicy = AllocationPolicy.Static,
                HubHostNames = [hubs[hub].HostName],
            });
            (hubs[1].AnswersLeft, hubs[2].AnswersLeft) = (firstAnswers, secondAnswers);
            await world.RegisterAsync("dev-01", World.Chain(Leaf));
            Check(world, hubs);
            await world.Departures.RunAsync(TestContext.Current.CancellationToken);
            Check(world, hubs);
            await world.RestartAsync();
            isGrown |= Grow(world, hubs);
        }

        (hubs[1].AnswersLeft, hubs[2].AnswersLeft) = (null, null);
        await world.AssignAsync("dev-01", World.Chain(Leaf));
        Assert.Equal(0, await world.Departures.RunAsync(TestContext.Current.CancellationToken));
        Check(world, hubs);
        Assert.Single(hubs, hub => hub.Devices.ContainsKey("dev-01"));
        Assert.Equal(isGrown ? "grown" : "initial", Assert.Single(hubs.SelectMany(hub => hub.Devices)).Value.Twin);
    }

    private static void Check(World world, MemoryHub[] hubs)
    {
        var record = world.Registrations.All.SingleOrDefault();
        if (record is { Status: RegistrationStatus.Assigned })
        {
            Assert.Contains(record.DeviceId!, hubs.Single(hub => hub.HostName == record.AssignedHub).Devices.Keys);
        }
    }

    // From the first assignment on the twin has a life of its own, on the hub that the record names.
    private static bool Grow(World world, MemoryHub[] hubs)
    {
        if (world.Registrations.All.SingleOrDefault() is not { } record)
        {
            return false;
        }

        hubs.Single(hub => hub.HostName == record.AssignedHub).Devices["dev-01"] = (Leaf.Certificate.Thumbprint, "grown");
        return true;
    }
}
