namespace Perennial.Server.Instances;

/// <summary>Keeps a second server off a data folder.</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    public static InstanceLock Take(string dataFolder)
    {
        try
        {
            return new InstanceLock(new FileStream(
                Path.Combine(dataFolder, "perennial.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new OperatorException($"the data folder {dataFolder} may not be written by this user. Change its owner, or choose another with --data.", exception);
        }
        catch (IOException exception)
        {
            throw new OperatorException(
                $"the data folder {dataFolder} is in use by another perennial. Stop that one, or give this one its own folder with --data.", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
