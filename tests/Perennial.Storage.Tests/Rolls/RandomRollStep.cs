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
                var isOffered = world.Offers.Sent.Any(sent => sent.Device == device);
                await world.UseAsync(device, isOffered && await world.HoldsOldAsync() ? RollWorld.NewAnchor : await LastOfAsync(device));
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
        var (roll, sent, held, from) = (await world.RollAsync(), world.Offers.Sent.Count, await world.HoldsOldAsync(), world.Now);
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

        if (held && !await world.HoldsOldAsync())
        {
            Assert.Equal(RollState.Running, roll.State);
            Assert.All(after, device => Assert.False(device.HoldsOpen, $"{device.Device} lost its certificate in step {number}."));
        }
    }

    private async Task<X509.Thumbprint> LastOfAsync(string device) =>
        (await world.DevicesAsync()).Single(one => one.Device == device).IsMoved || !await world.HoldsOldAsync() ? RollWorld.NewAnchor : RollWorld.OldAnchor;

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
