using Microsoft.AspNetCore.Http;

namespace Perennial.Server.Portal.Layout;

/// <summary>The state of a list in its address: one value for each name.</summary>
public sealed class PortalAddressQuery
{
    private readonly string _path;
    private readonly SortedDictionary<string, string> _values;

    private PortalAddressQuery(string path, SortedDictionary<string, string> values)
    {
        _path = path;
        _values = values;
    }

    /// <summary>Reads the names that are known; what else stands in the address is left out.</summary>
    public static PortalAddressQuery Read(string path, IQueryCollection query, params ReadOnlySpan<string> names)
    {
        ArgumentNullException.ThrowIfNull(query);
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (query[name].ToString().Trim() is { Length: > 0 and <= 256 } value)
            {
                values.Add(name, value);
            }
        }

        return new PortalAddressQuery(path, values);
    }

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>The same address with some values changed; null takes one out.</summary>
    public PortalAddressQuery With(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var values = new SortedDictionary<string, string>(_values, StringComparer.Ordinal);
        foreach (var (name, value) in changes)
        {
            values.Remove(name);
            if (value is not null)
            {
                values.Add(name, value);
            }
        }

        return new PortalAddressQuery(_path, values);
    }

    public IEnumerable<KeyValuePair<string, string>> Values => _values;

    public override string ToString() => _values.Count == 0
        ? _path
        : $"{_path}?{string.Join('&', _values.Select(value => $"{value.Key}={Uri.EscapeDataString(value.Value)}"))}";
}
