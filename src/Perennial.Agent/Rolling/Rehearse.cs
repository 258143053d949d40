using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;

namespace Perennial.Agent.Rolling;

/// <summary>Goes through a roll without rolling: every part that a roll will need is used, and nothing that lasts is changed.</summary>
internal sealed class Rehearse(Device device)
{
    private bool _isSound = true;

    /// <returns>Whether a roll would have all it needs.</returns>
    public async Task<bool> ExecuteAsync(CancellationToken cancellationToken)
    {
        await StepAsync("two places for keys", () =>
        {
            device.Keys.CheckRoom();
            return Task.CompletedTask;
        });
        await StepAsync("the provisioning service accepts this device", () => RegisterAsync(cancellationToken));
        if (device.Credentials.Current is not { } current)
        {
            device.Log.Tell("not provisioned yet: there is no certificate to connect with or to publish.");
            return _isSound;
        }

        await StepAsync("the hub accepts the current certificate", () => ConnectAsync(current, cancellationToken));
        if (device.Publication is { } publication)
        {
            await StepAsync($"files can be published beside {publication.Current}", () =>
            {
                publication.Rehearse(new DeployCredential(device).ChainOf(current), device.Keys.Publish(current.Slot));
                return Task.CompletedTask;
            });
        }

        if (device.Hook is { } hook)
        {
            await StepAsync("the deploy hook succeeds", async () =>
            {
                var outcome = await hook.ExecuteAsync(new DeployCredential(device).Variables(current, isRehearsal: true), cancellationToken);
                _ = outcome.IsSuccess ? true : throw new AgentException($"it {outcome.Sentence}");
            });
        }

        return _isSound;
    }

    private async Task StepAsync(string what, Func<Task> step)
    {
        try
        {
            await step();
            device.Log.Tell($"ok: {what}");
        }
        catch (Exception failure) when (failure is ExchangeException or AgentException or IOException or UnauthorizedAccessException)
        {
            _isSound = false;
            device.Log.Fail($"not ok: {what}: {failure.Message}");
        }
    }

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        using var held = device.Credentials.Current is { } current ? device.Held.Open(current.Slot) : null;
        using var factory = held is null ? device.Held.OpenOnboarding() : null;
        var credential = held ?? factory;
        var symmetricKey = credential is null ? device.Held.ReadSymmetricKey() : null;
        if (credential is null && symmetricKey is null)
        {
            throw new AgentException("there is no credential to provision with; configure onboarding");
        }

        await device.Registration.ExecuteAsync(credential, symmetricKey, null, cancellationToken);
    }

    private async Task ConnectAsync(OperationalCredential current, CancellationToken cancellationToken)
    {
        using var held = device.Held.Open(current.Slot) ?? throw new AgentException("the certificate or its key is not in its place");
        var state = device.State;
        await using var connection = await device.Link.ConnectAsync(state.Hub!, state.DeviceId!, held, cancellationToken);
    }
}
