using Npgsql;

namespace Perennial.Server.Instances;

/// <summary>Where records are kept: the path of a SQLite file, or a PostgreSQL database.</summary>
internal sealed record DatabaseAddress
{
    private const string DataSource = "Data Source=";

    private DatabaseAddress(string text, bool isPostgres, string? password)
    {
        Text = text;
        IsPostgres = isPostgres;
        Password = password;
    }

    /// <summary>A full path, or Npgsql's words without the password.</summary>
    public string Text { get; }

    public bool IsPostgres { get; }

    /// <summary>Null when it comes from the environment (<c>PGPASSWORD</c>, <c>PGPASSFILE</c>) or none is needed.</summary>
    public string? Password { get; }

    /// <summary>What the driver takes; holds the password.</summary>
    public string ConnectionString => Password is null ? Text : new NpgsqlConnectionStringBuilder(Text) { Password = Password }.ConnectionString;

    /// <param name="text">What the operator wrote.</param>
    /// <param name="option">What to call it in a complaint.</param>
    /// <exception cref="OperatorException">It is neither a path nor words for Npgsql.</exception>
    public static DatabaseAddress Parse(string text, string option)
    {
        if (text.StartsWith(DataSource, StringComparison.OrdinalIgnoreCase))
        {
            text = text[DataSource.Length..].TrimEnd(';');
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            throw new OperatorException($"{option} takes a path or words, not an address: write Host=…;Database=…;Username=…");
        }

        return text.Contains('=', StringComparison.Ordinal) ? ParsePostgres(text, option) : new DatabaseAddress(Path.GetFullPath(text), false, null);
    }

    /// <summary>The address that a data folder holds.</summary>
    /// <param name="folder">The data folder, to which a path is relative.</param>
    /// <param name="text">What stands in <c>instance.json</c>.</param>
    /// <param name="password">What stands beside it.</param>
    public static DatabaseAddress Stored(string folder, string text, string? password) => text.Contains('=', StringComparison.Ordinal)
        ? new DatabaseAddress(text, true, password)
        : new DatabaseAddress(Path.Combine(folder, text), false, null);

    /// <summary>Without the password.</summary>
    public override string ToString() => Text;

    private static DatabaseAddress ParsePostgres(string text, string option)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(text);
            if (settings.Host is null || settings.Database is null)
            {
                throw new OperatorException($"{option} names no host or no database: write Host=…;Database=…;Username=…");
            }

            var password = settings.Password;
            settings.Password = null;
            return new DatabaseAddress(settings.ConnectionString, true, password);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // The driver's complaint may repeat what was written, the password included.
            throw new OperatorException($"{option} cannot be read: write Host=…;Database=…;Username=… and nothing that Npgsql does not know.");
        }
    }
}
