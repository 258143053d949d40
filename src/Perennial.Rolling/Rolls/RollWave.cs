namespace Perennial.Rolling.Rolls;

/// <summary>A wave of a roll in numbers.</summary>
/// <param name="Number">0 is the canary.</param>
/// <param name="Devices">Devices that it has, or is to have.</param>
/// <param name="Offered">Those that were offered the new certificate.</param>
/// <param name="Done">Those of them for whose sake the old certificate need not stay.</param>
public sealed record RollWave(int Number, long Devices, long Offered, long Done)
{
    /// <summary>The waves that have begun, each as large as it is to be, and those that come after them.</summary>
    /// <param name="plan">How large waves are.</param>
    /// <param name="begun">The waves that have begun, in their order, as they were counted.</param>
    /// <param name="current">The wave that is under way.</param>
    /// <param name="pending">Devices that were not offered it yet.</param>
    public static IEnumerable<RollWave> Foresee(RollPlan plan, IReadOnlyList<RollWave> begun, int current, long pending)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(begun);
        foreach (var wave in begun.Where(wave => wave.Number < current))
        {
            yield return wave;
        }

        for (var number = current; number == current || pending > 0; number++)
        {
            var told = begun.FirstOrDefault(wave => wave.Number == number) ?? new RollWave(number, 0, 0, 0);
            var more = Math.Min(pending, Math.Max(0, plan.SizeOf(number) - told.Offered));
            pending -= more;
            if (told.Offered + more > 0)
            {
                yield return told with { Devices = told.Offered + more };
            }
        }
    }
}
