using System.Globalization;
using Perennial.Protocol.Sas;
using Perennial.Server.Remote;

namespace Perennial.Server.Declarations;

/// <summary>A linked hub of a fleet file. The server shows no keys, so a changed key alone is no difference: see <c>perennial linked-hub update</c>.</summary>
internal static class DeclareHub
{
    public static string[] Known { get; } = ["host", "connectionStringFile", "allocationWeight", "applyAllocationPolicy", "location"];

    public static DeclaredObject Read(YamlFields fields)
    {
        var members = new List<DeclaredMember>();
        if (fields.Text("connectionStringFile") is { } file)
        {
            var text = DeclaredFile.Read(fields, "connectionStringFile", file).Trim();
            var access = ConnectionString.TryParse(text, out var read) && read.HasKey ? read : throw fields.Fault("connectionStringFile", $"{file} holds no connection string with a key.");
            members.Add(new("connectionStringFile", PolicyOf(access), hub => ConnectionString.TryParse((string?)hub["connectionString"], out var stored) ? PolicyOf(stored) : null, hub => hub["connectionString"] = text));
        }

        if (fields.Number("allocationWeight") is { } weight)
        {
            members.Add(new("allocationWeight", weight.ToString(CultureInfo.InvariantCulture), hub => hub["allocationWeight"]?.ToString(), hub => hub["allocationWeight"] = weight));
        }

        if (fields.Truth("applyAllocationPolicy") is { } applies)
        {
            members.Add(new("applyAllocationPolicy", $"{applies}", hub => hub["applyAllocationPolicy"]?.ToString(), hub => hub["applyAllocationPolicy"] = applies));
        }

        if (fields.Text("location") is { } location)
        {
            members.Add(new("location", location, hub => (string?)hub["location"], hub => hub["location"] = location));
        }

        return new DeclaredObject(RestNoun.LinkedHub, fields.Required("host"), fields.Line, members);
    }

    private static string PolicyOf(ConnectionString access) => $"policy {access.SharedAccessKeyName} of {access.Host}";
}
