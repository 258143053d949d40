using Perennial.Rolling.Rolls;
using Perennial.Storage.Tests.Impact;

namespace Perennial.Storage.Tests.Rolls;

/// <summary>One thing that happens in a roll, drawn at random, and what must hold then.</summary>
internal sealed class RandomRollStep(RollWorld world, Tape tape, int number)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task RunAsync()
    {
        var devices = await world.DevicesAsync();
        var device = tape.Pick(devices).Device;
        switch (tape.Choose(20))
        {
            case < 6:
                await TickAsync(devices);
                break;
            case < 11:
                await world.UseAsync(device, await NextOfAsync(device));
                break;
            case < 15:
                world.Pass(TimeSpan.FromMinutes(tape.Choose(40)));
                break;
            case 15:
                await world.Steer.PauseAsync(RollWorld.Id, "ann", Stop);
                break;
            case 16 or 17:
                await world.Steer.ResumeAsync(RollWorld.Id, "ann", Stop);
                break;
            case 18 when tape.OneIn(2):
                await DisturbAsync(device);
                break;
            case 18:
                world.Offers.DiesAfter = tape.Choose(3);
                break;
            default:
                await JoinOrFallBackAsync(device);
                break;
        }
    }

    private async Task TickAsync(IReadOnlyList<RollDevice> before)
    {
        var (roll, sent, from) = (await world.RollAsync(), world.Offers.Sent.Count, world.Now);
        var (heldOld, heldNew) = (await world.HoldsOldAsync(), await world.HoldsNewAsync());
        RollStep? step = null;
        try
        {
            step = await world.TickAsync();
        }
        catch (IOException)
        {
            // Killed; the next tick is that of the process that was started again.
        }

        var after = await world.DevicesAsync();
        Assert.True(roll.State == RollState.Running || world.Offers.Sent.Count == sent, "A roll that does not run touched a device.");
        var lately = after.Count(device => device.Offered > from.AddMinutes(-1));
        Assert.True(lately <= roll.Plan.EffectiveRate, $"{lately} offers in a minute.");
        if (step is RollStep.NextWave)
        {
            var wave = before.Where(device => device.Wave == roll.Wave).ToList();
            Assert.True(wave.Count(device => !device.HoldsOpen) >= roll.Plan.Gate * wave.Count, "The gate was not open.");
            Assert.All(wave, device => Assert.True(from - device.Offered >= roll.Plan.Soak, "The wave was not watched long enough."));
        }

        if (heldOld && heldNew && !(await world.HoldsOldAsync() && await world.HoldsNewAsync()))
        {
            Assert.Equal((RollState.Running, roll.IsBack), (roll.State, await world.HoldsOldAsync()));
            Assert.All(after, device => Assert.False(device.HoldsOpen, $"{device.Device} lost its certificate in step {number}."));
        }
    }

    // A device does what it was last told while both certificates count; else it has the one that is left.
    private async Task<X509.Thumbprint> NextOfAsync(string device)
    {
        var (holdsOld, holdsNew) = (await world.HoldsOldAsync(), await world.HoldsNewAsync());
        var wanted = !world.Offers.Told.TryGetValue(device, out var isBack) ? world.LastOf(device)
            : isBack ? RollWorld.OldAnchor
            : RollWorld.NewAnchor;
        return holdsOld && holdsNew ? wanted : holdsOld ? RollWorld.OldAnchor : RollWorld.NewAnchor;
    }

    private async Task DisturbAsync(string device)
    {
        switch (tape.Choose(4))
        {
            case 0:
                await world.Steer.WaiveAsync(RollWorld.Id, device, "scrapped", "ann", Stop);
                break;
            case 1:
                await world.RefuseAsync(device);
                break;
            case 2 when tape.OneIn(4):
                await world.Steer.AbortAsync(RollWorld.Id, "ann", Stop);
                break;
            case 2:
                await world.Steer.RollBackAsync(RollWorld.Id, "ann", Stop);
                break;
            default:
                world.Offers.Connected.Add(device);
                break;
        }
    }

    // While the old certificate counts, a device may come back with it, and new devices may come with it.
    private async Task JoinOrFallBackAsync(string device)
    {
        if (!await world.HoldsOldAsync())
        {
            return;
        }

        if (tape.OneIn(2))
        {
            await world.JoinAsync($"late-{number}");
        }
        else
        {
            await world.UseAsync(device, RollWorld.OldAnchor);
        }
    }
}
