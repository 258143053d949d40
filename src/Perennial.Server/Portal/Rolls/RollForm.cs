using System.Globalization;
using Microsoft.AspNetCore.Http;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Portal.Rolls;

/// <summary>The form of a roll as it was filled in, with what is wrong with each field.</summary>
public sealed class RollForm
{
    private readonly Dictionary<string, string> _values;
    private readonly Dictionary<string, string> _faults = new(StringComparer.Ordinal);

    private RollForm(Dictionary<string, string> values) => _values = values;

    /// <summary>What was filled in; empty for nothing.</summary>
    public string this[string field] => _values.GetValueOrDefault(field, string.Empty);

    public IReadOnlyDictionary<string, string> Faults => _faults;

    /// <summary>The form with what is usual.</summary>
    public static RollForm Usual(string? group)
    {
        var form = new RollForm(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["of"] = "group",
            ["group"] = group ?? string.Empty,
            ["slot"] = "primary",
            ["reason"] = nameof(RollReason.Expiration),
        });
        form.Fill(new RollPlan());
        return form;
    }

    /// <summary>The form of a roll that was planned and not started.</summary>
    /// <param name="roll">The draft.</param>
    /// <param name="isSecondary">Whether the secondary certificate is the one to be retired.</param>
    /// <param name="devices">Its devices, for a roll of leaves.</param>
    public static RollForm Of(Roll roll, bool isSecondary, IEnumerable<string> devices)
    {
        ArgumentNullException.ThrowIfNull(roll);
        var form = Usual(roll.Group?.Id);
        foreach (var (field, value) in new[]
        {
            ("id", roll.Id),
            ("replaces", roll.Id),
            ("of", roll.Kind switch { RollKind.Leaf => "devices", RollKind.IssuingCa => "issuer", _ => "group" }),
            ("issuer", roll.Issuer ?? string.Empty),
            ("slot", isSecondary ? "secondary" : "primary"),
            ("reason", roll.Reason.ToString()),
            ("devices", string.Join('\n', devices)),
            ("canary", string.Join('\n', roll.Plan.Canary)),
            ("windows", string.Join('\n', roll.Plan.Windows.Select(window => window.Text))),
        })
        {
            form._values[field] = value;
        }

        form.Fill(roll.Plan);
        return form;
    }

    public static RollForm Read(IFormCollection form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return new RollForm(form.Keys.ToDictionary(key => key, key => form[key].ToString().Trim(), StringComparer.Ordinal));
    }

    public string? FaultOf(string field) => _faults.GetValueOrDefault(field);

    /// <summary>Notes what is wrong with a field, and what mends it.</summary>
    public void Refuse(string field, string sentence) => _faults.TryAdd(field, sentence);

    /// <summary>The words of a field, which stand in lines or with spaces or commas between.</summary>
    public IReadOnlyList<string> Words(string field) => this[field].Split([' ', ',', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The plan, when no field of it is wrong.</summary>
    public RollPlan? ReadPlan()
    {
        var plan = new RollPlan
        {
            Canary = [.. Words("canary")],
            CanarySize = Whole("canarySize", 1, 1_000_000),
            WaveSize = Whole("waveSize", 1, 1_000_000),
            Growth = Number("growth", 1, 100),
            RatePerMinute = Whole("rate", 1, 1_000_000),
            Gate = Number("gate", 1, 100) / 100,
            Soak = TimeSpan.FromMinutes(Number("soak", 0, 5_256_000)),
            OfferWindow = TimeSpan.FromHours(Number("offerWindow", 0.01, 87_600)),
            Spread = TimeSpan.FromHours(Number("spread", 0, 87_600)),
            Windows = ReadWindows(),
            Offer = Enum.TryParse<RollOffer>(this["offer"], out var offer) && Enum.IsDefined(offer) ? offer : null,
            ContactWithin = TimeSpan.FromMinutes(Number("contact", 0.01, 5_256_000)),
            LostContact = Limit("lost"),
            Refusals = Limit("refused"),
            Failures = Limit("failed"),
        };
        if (_faults.Count == 0 && plan.FindFault() is { } fault)
        {
            Refuse("plan", fault);
        }

        return _faults.Count == 0 ? plan : null;
    }

    private void Fill(RollPlan plan)
    {
        foreach (var (field, value) in new (string, FormattableString)[]
        {
            ("canarySize", $"{plan.CanarySize}"),
            ("waveSize", $"{plan.WaveSize}"),
            ("growth", $"{plan.Growth}"),
            ("rate", $"{plan.RatePerMinute}"),
            ("gate", $"{plan.Gate * 100:0.##}"),
            ("soak", $"{plan.Soak.TotalMinutes:0.##}"),
            ("offerWindow", $"{plan.OfferWindow.TotalHours:0.##}"),
            ("spread", $"{plan.Spread.TotalHours:0.##}"),
            ("offer", $"{plan.Offer}"),
            ("contact", $"{plan.ContactWithin.TotalMinutes:0.##}"),
            ("lost.share", $"{plan.LostContact.Share * 100:0.##}"),
            ("lost.devices", $"{plan.LostContact.Devices}"),
            ("refused.share", $"{plan.Refusals.Share * 100:0.##}"),
            ("refused.devices", $"{plan.Refusals.Devices}"),
            ("failed.share", $"{plan.Failures.Share * 100:0.##}"),
            ("failed.devices", $"{plan.Failures.Devices}"),
        })
        {
            _values[field] = value.ToString(CultureInfo.InvariantCulture);
        }
    }

    private HaltLimit Limit(string field) => new(Number($"{field}.share", 0.01, 100) / 100, Whole($"{field}.devices", 1, 1_000_000));

    private List<MaintenanceWindow> ReadWindows()
    {
        var windows = new List<MaintenanceWindow>();
        foreach (var line in this["windows"].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (MaintenanceWindow.TryParse(line, out var window))
            {
                windows.Add(window);
            }
            else
            {
                Refuse("windows", $"'{line}' is no window. Write days in English, the times and a time zone: saturday,sunday 22:00-04:00 Europe/Berlin");
            }
        }

        return windows;
    }

    private int Whole(string field, int least, int most)
    {
        if (int.TryParse(this[field], NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(field, string.Create(CultureInfo.InvariantCulture, $"Give a whole number from {least} to {most}."));
        return least;
    }

    private double Number(string field, double least, double most)
    {
        if (double.TryParse(this[field], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(field, string.Create(CultureInfo.InvariantCulture, $"Give a number from {least} to {most}."));
        return least;
    }
}
