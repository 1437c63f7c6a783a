from . import ir_attachment
from . import ir_binary
from . import ir_model_fields
from . import ir_ui_menu
from . import res_config_settings
from . import res_config_settings_import
