using System.Globalization;
using System.Text.RegularExpressions;
using Perennial.Server.Tests.Instances;

namespace Perennial.Server.Tests.Metrics;

/// <summary>What <c>/metrics</c> said at one moment, in Prometheus' text format.</summary>
internal sealed partial class Scrape
{
    private readonly List<(string Name, string Labels, double Value)> _samples;

    private Scrape(string text)
    {
        Text = text;
        _samples =
        [
            .. Sample().Matches(text).Select(match =>
                (match.Groups["name"].Value, match.Groups["labels"].Value, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture))),
        ];
    }

    public string Text { get; }

    /// <summary>The names of everything exported.</summary>
    public IReadOnlySet<string> Names => _samples.Select(sample => sample.Name).ToHashSet(StringComparer.Ordinal);

    public static async Task<Scrape> TakeAsync(ServedInstance served)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        return new Scrape(await client.GetStringAsync(new Uri($"http://localhost:{served.Ports.Portal}/metrics"), TestContext.Current.CancellationToken));
    }

    /// <summary>Scrapes until it says what is waited for.</summary>
    public static async Task<Scrape> UntilAsync(ServedInstance served, Func<Scrape, bool> isSo)
    {
        while (true)
        {
            var scrape = await TakeAsync(served);
            if (isSo(scrape))
            {
                return scrape;
            }

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>The sum of the samples of this name that have these labels; null when there are none.</summary>
    /// <param name="name">As it is exported.</param>
    /// <param name="labels">Each as <c>name="value"</c>.</param>
    public double? Value(string name, params string[] labels)
    {
        var found = _samples.Where(sample => sample.Name == name && labels.All(label => sample.Labels.Contains(label, StringComparison.Ordinal))).ToList();
        return found.Count == 0 ? null : found.Sum(sample => sample.Value);
    }

    [GeneratedRegex("""^(?<name>[a-z_:]+)(\{(?<labels>[^}]*)\})? (?<value>[^ \n]+)""", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
