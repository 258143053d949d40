using Perennial.Bench.Results;

namespace Perennial.Bench;

/// <summary>Measures contenders in interleaved rounds, since the same loop drifts on a shared machine.</summary>
internal static class Rounds
{
    /// <summary>Server CPU of each contender, and as a ratio to the first one in the same round.</summary>
    public static async Task<IReadOnlyList<RatioRow>> TakeAsync(RoundPlan plan, params IReadOnlyList<Contender> contenders)
    {
        var rounds = new List<double[]>();
        for (var round = -plan.WarmUps; round < plan.Rounds; round++)
        {
            var figures = new double[contenders.Count];
            for (var i = 0; i < contenders.Count; i++)
            {
                figures[i] = await MicrosecondsAsync(plan, contenders[i]);
            }

            Console.WriteLine($"round {round + 1,2}: {string.Join("  ", figures.Select(figure => $"{figure,6:0.0}"))} µs{(round < 0 ? "  (warm-up)" : string.Empty)}");
            if (round >= 0)
            {
                rounds.Add(figures);
            }
        }

        return [.. contenders.Select((contender, i) => new RatioRow(
            contender.Name, new(rounds.Select(round => round[i])), new(rounds.Select(round => round[i] / round[0]))))];
    }

    private static async Task<double> MicrosecondsAsync(RoundPlan plan, Contender contender)
    {
        var run = await contender.PrepareAsync(plan.Exchanges);
        await contender.Server.SettleAsync(TimeProvider.System);
        var before = contender.Server.Cpu;
        await run();
        await contender.Server.SettleAsync(TimeProvider.System);
        return (contender.Server.Cpu - before).TotalMicroseconds / plan.Exchanges;
    }
}
