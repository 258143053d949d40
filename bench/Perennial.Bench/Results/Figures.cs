namespace Perennial.Bench.Results;

/// <summary>One figure measured in several rounds.</summary>
internal sealed class Figures(IEnumerable<double> values)
{
    private readonly double[] _ascending = [.. values.Order()];

    public double Least => _ascending[0];

    public double Median => _ascending.Length % 2 == 1
        ? _ascending[_ascending.Length / 2]
        : (_ascending[(_ascending.Length / 2) - 1] + _ascending[_ascending.Length / 2]) / 2;

    public double Most => _ascending[^1];

    /// <summary>The value that nineteen of twenty stay below.</summary>
    public double NineteenOfTwenty => _ascending[(int)(0.95 * (_ascending.Length - 1))];
}
