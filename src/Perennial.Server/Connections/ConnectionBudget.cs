using System.Globalization;

namespace Perennial.Server.Connections;

/// <summary>
/// How many connections are held at once, all listeners together: below the process's limit of open files, since running out of
/// them aborts the process.
/// </summary>
internal sealed class ConnectionBudget
{
    /// <summary>Open files kept for the database, logs, certificates and connections being turned away.</summary>
    public const int Reserve = 256;

    private const int MostUseful = 200_000;

    private int _held;

    public ConnectionBudget(int most) => Most = most;

    /// <summary>The bound, all listeners together.</summary>
    public int Most { get; }

    public int Held => Volatile.Read(ref _held);

    /// <summary>The budget of this process, by its limit of open files.</summary>
    public static ConnectionBudget OfProcess() => new(Math.Clamp(OpenFileLimit() - Reserve, 16, MostUseful));

    /// <summary>Takes a place, when there is one.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _held) <= Most)
        {
            return true;
        }

        Interlocked.Decrement(ref _held);
        return false;
    }

    public void Return() => Interlocked.Decrement(ref _held);

    private static int OpenFileLimit()
    {
        const string Name = "Max open files";
        try
        {
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
            var soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : MostUseful;
        }
        catch (IOException)
        {
            return MostUseful;
        }
    }
}
